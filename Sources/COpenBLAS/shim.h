// SPDX-License-Identifier: Apache-2.0
#include <cblas.h>

typedef float likeness_float4 __attribute__((ext_vector_type(4)));

/* Swift's own root of a float calls the C library's for the sake of errno, and keeps loops from becoming vectors. */
static inline likeness_float4 likeness_square_roots(likeness_float4 values) {
    return __builtin_elementwise_sqrt(values);
}
