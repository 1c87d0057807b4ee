/* SPDX-License-Identifier: Apache-2.0 */
/* One point in time by which everything has to be done, on a clock that nobody sets. */
#ifndef LIKENESS_DEADLINE_H
#define LIKENESS_DEADLINE_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds of the monotonic clock. */
static inline int64_t clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Milliseconds that are left until then, as poll(2) takes them; 0 once it has passed. */
static inline int clock_left(int64_t deadline) {
    int64_t left = deadline - clock_now();
    if (left <= 0) return 0;
    return left > INT_MAX ? INT_MAX : (int) left;
}

#endif
