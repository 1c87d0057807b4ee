// SPDX-License-Identifier: Apache-2.0
/* The vector instructions that this processor and its system have: 0 for none of these, 2 for AVX2 with fused multiplication and half
   precision, 5 for AVX-512. */
static inline int likeness_vector_level(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd")) return 5;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) return 2;
#endif
    return 0;
}

/* Tells the processor that this thread waits for another one, so that the core's other thread gets more of it. */
static inline void likeness_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
