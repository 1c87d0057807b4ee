/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer as a library, which lets a program keep its own entry point. scripts/fuzz links it. */
#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Runs the callback on one input after another, as the arguments say. Returns the exit status, where it returns at all. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
