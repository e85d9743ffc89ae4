package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Profile;
import jspy.testing.Grandchild;
import jspy.testing.NativeRecording;
import jspy.testing.Python;
import jspy.testing.SeenStack;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * numpy's matrix product: its kernels are written by hand and have no unwind tables, and still the
 * whole stack is there, from the kernel to the Python line that called it.
 */
class NativeMatmulLiveTest {
    private static final int SAMPLES = Integer.getInteger("jspy.native.samples", 300);

    private static final String MATMUL =
            """
            import numpy
            a = numpy.random.rand(600, 600)
            def multiply(a): return a @ a
            print('ready', flush=True)
            while True: multiply(a)
            """;

    /** Root first, as numpy and OpenBLAS have it; of the last there is one for each processor. */
    private static final List<String> CALLS =
            List.of("_start", "multiply", "DOUBLE_matmul", "dgemm_nn", "dgemm_kernel");

    @Test
    void wholeStackIsThereFromTheKernelToThePythonLine() throws Exception {
        Path numpy = Python.targets().resolve("native/x86_64/numpy");
        Assumptions.assumeTrue(
                Files.isDirectory(numpy), "numpy is not here: tools/targets/fetch-native");
        Optional<Python> python =
                Python.from(13).stream()
                        .filter(one -> one.minor() == 13 && !one.isWrapped())
                        .filter(one -> !one.isFreeThreaded() && !one.isDebug())
                        .findFirst();
        Assumptions.assumeTrue(python.isPresent(), "no CPython 3.13");
        ProcessBuilder command = python.get().command("-u", "-c", MATMUL);
        command.environment().put("PYTHONPATH", numpy.toString());
        command.environment().put("OPENBLAS_NUM_THREADS", "1");
        long all = 0;
        long kernels = 0;
        long whole = 0;
        String broken = "";
        try (Grandchild target = Grandchild.start(command)) {
            assertTrue(target.line().equals("ready"));
            Profile profile =
                    NativeRecording.of(
                            target.pid(), 200, NativeMode.ALL, ThreadFilter.ACTIVE, SAMPLES);
            for (SeenStack stack : SeenStack.of(profile)) {
                all += stack.samples();
                if (stack.leaf().function().startsWith("dgemm_kernel")) {
                    kernels += stack.samples();
                    boolean isWhole = isInOrder(stack);
                    whole += isWhole ? stack.samples() : 0;
                    broken = isWhole ? broken : stack.labels().toString();
                }
            }
            System.out.printf(
                    "matmul: %d of %d stacks in the kernel, %d of them whole; %s%n",
                    kernels, all, whole, profile.accuracy().summary());
        }
        Assumptions.assumeTrue(kernels > 0, "another kernel is used on this processor");
        assertTrue(kernels > all / 2, kernels + " of " + all);
        assertTrue(whole >= kernels * 0.99, whole + " of " + kernels + ": " + broken);
    }

    private static boolean isInOrder(SeenStack stack) {
        int call = 0;
        for (int i = 0; i < stack.frames().size() && call < CALLS.size(); i++) {
            if (stack.frames().get(i).function().startsWith(CALLS.get(call))) {
                call++;
            }
        }
        return call == CALLS.size();
    }
}
