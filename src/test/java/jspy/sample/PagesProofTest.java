package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.memory.PageCopies;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.process.StillnessProof;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;
import jspy.testing.SyntheticPython;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

/** What is read behind the stacks is proved by words that are read behind it. */
final class PagesProofTest {
    /** The thread stands still for so many ends of a reading, then it has run. */
    private static final class RunsLater implements StillnessProof {
        int endsUntilItRuns = Integer.MAX_VALUE;
        private int ends;

        @Override
        public void aim(long threadSelf, long nativeId) {}

        @Override
        public void begin() {
            ends = 0;
        }

        @Override
        public long addTo(ReadList list) {
            return -1;
        }

        @Override
        public void first(MemorySegment buffer, long offset) {}

        @Override
        public int end(MemorySegment buffer, long offset) {
            return ends++ < endsUntilItRuns ? STOOD_STILL : RAN;
        }

        @Override
        public boolean proves() {
            return true;
        }

        @Override
        public boolean follow() {
            return true;
        }

        @Override
        public void leave() {}

        @Override
        public String how() {
            return "made up";
        }
    }

    @Test
    void aThreadThatRanBeforeThePagesWereReadIsNotProved() {
        SyntheticPython python = new SyntheticPython();
        int code = python.addCode("f", "file.py", 1);
        int thread = python.addThread();
        python.stack(thread, code);
        python.hold(thread);
        TargetMemory memory = python.memory();
        PythonRuntime runtime = python.runtime();
        RunsLater proof = new RunsLater();
        StackSource reader =
                StackSource.of(
                        runtime,
                        memory,
                        GilDomain.all(memory, runtime),
                        () -> proof,
                        () -> null,
                        new CodeTable(new CodeIdentity(runtime.offsets())),
                        new SampleCounters());
        int status = reader.read();
        for (int i = 0; i < 5 && status != StackSource.PROVED; i++) {
            status = reader.read(); // its memory and its code are found first
        }
        assertEquals(StackSource.PROVED, status);
        int endsWithoutPages = proof.ends;
        assertTrue(reader.readAlso(new PageCopies(memory)));
        assertEquals(StackSource.PROVED, reader.read());
        assertEquals(endsWithoutPages + 1, proof.ends, "once more, for what is read behind");
        proof.endsUntilItRuns = endsWithoutPages;
        assertEquals(StackSource.TWO_COPIES, reader.read());
    }
}
