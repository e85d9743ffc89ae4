package jspy.sample;

import jspy.process.TargetProcess;
import jspy.process.ThreadControlBlock;
import jspy.process.ThreadIds;
import jspy.python.ThreadNames;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * {@link TargetThreads} of a running Linux process: ids and states from /proc, names from the
 * interpreter.
 */
final class LiveThreads implements TargetThreads {
    private final TargetProcess process;
    private final ThreadControlBlock blocks;
    private final ThreadIds ids;
    private final ThreadNames names;

    LiveThreads(Attachment attachment) throws IOException {
        process = attachment.process();
        blocks = attachment.threadBlocks();
        ids = process.threadIds();
        names = new ThreadNames(attachment.memory(), attachment.runtime());
    }

    @Override
    public long hostThreadId(long nativeId, long ident) {
        int target = nativeId != 0 ? (int) nativeId : nativeIdOf(ident);
        if (target != 0 && ids.listedId(target) == 0) {
            refresh();
        }
        return ids.listedId(target);
    }

    @Override
    public boolean isActive(long hostThreadId) {
        if (hostThreadId == 0) {
            return true;
        }
        try {
            byte[] stat = process.proc().read(process.pid(), "task/" + hostThreadId + "/stat");
            int afterName = new String(stat, StandardCharsets.ISO_8859_1).lastIndexOf(')') + 2;
            return afterName >= stat.length || stat[afterName] == 'R';
        } catch (IOException ended) {
            return false;
        }
    }

    @Override
    public Map<Long, String> names() {
        return new HashMap<>(names.read());
    }

    // internals

    private int nativeIdOf(long ident) {
        int found = blocks.nativeId(ident);
        if (found == 0) {
            refresh();
            blocks.findNativeIds(new long[] {ident}, ids::isNative);
            found = blocks.nativeId(ident);
        }
        return found;
    }

    private void refresh() {
        try {
            ids.refresh();
        } catch (IOException ended) {
            // the process ended: what is known stays
        }
    }
}
