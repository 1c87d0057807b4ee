import COpenBLAS

/// The matrix library that the kernels call.
public enum BLAS {
    /// Makes each product run on the thread that asks for it, for the whole process. Call it at start where several
    /// threads run networks at once: they are the parallelism, and threads of the library would only compete.
    public static func useSingleThread() {
        openblas_set_num_threads(1)
    }
}
