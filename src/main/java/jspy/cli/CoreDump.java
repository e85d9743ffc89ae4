package jspy.cli;

import jspy.process.CoreProcess;
import jspy.python.NoPythonException;
import jspy.python.ShortNames;
import jspy.sample.NativeMode;
import jspy.sample.PostMortem;
import jspy.sample.StackDump;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code jspy dump --core}: from a core file to what is printed. */
final class CoreDump {
    private CoreDump() {}

    /**
     * @param executable where the program's file is now; null when it is where it was
     */
    static DumpSubject read(Path core, Path executable, int localChars, NativeMode natives)
            throws CommandException, InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            CoreProcess process = CoreProcess.open(core, executable, arena);
            warn(process);
            PostMortem found = PostMortem.of(process);
            UnaryOperator<String> shorten = new ShortNames(Path.of("/"))::of;
            StackDump dump =
                    natives == NativeMode.NONE
                            ? found.dump(shorten, localChars)
                            : found.dumpNative(shorten, natives);
            if (dump == null) {
                throw CommandException.failed(core + " holds no interpreter");
            }
            return new DumpSubject(
                    process.pid(),
                    List.of(process.core().arguments()),
                    found.runtime().version().toString(),
                    process.executable(),
                    dump);
        } catch (NoSuchFileException e) {
            throw CommandException.failed("there is no file " + e.getFile());
        } catch (IOException e) {
            throw CommandException.failed("cannot read %s: %s".formatted(core, e.getMessage()));
        } catch (NoPythonException e) {
            throw CommandException.failed("%s: %s".formatted(core, e.getMessage()));
        }
    }

    // internals

    private static void warn(CoreProcess process) {
        if (process.core().signal() != 0) {
            Messages.say(
                    "the process got signal %d in thread %d"
                            .formatted(
                                    process.core().signal(), process.core().threads().getFirst()));
        }
        if (process.core().isTruncated()) {
            Messages.say("the core file was cut short: some of the memory is missing");
        }
        for (Map.Entry<String, String> file : process.unusable().entrySet()) {
            String path = file.getKey();
            if (path.equals(process.executable())) {
                Messages.say("%s: %s; --executable FILE names it".formatted(path, file.getValue()));
            } else if (path.contains("python")) {
                Messages.say("%s: %s".formatted(path, file.getValue()));
            }
        }
    }
}
