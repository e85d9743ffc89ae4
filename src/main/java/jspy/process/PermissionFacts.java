package jspy.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * What decides whether the kernel lets jspy read another process: see ptrace(2), "Ptrace access
 * mode checking".
 *
 * @param user jspy's effective user id
 * @param hasPtraceCapability {@code CAP_SYS_PTRACE} is effective
 * @param isUnderSeccomp a filter decides on jspy's system calls
 * @param securityProfile AppArmor's or SELinux's for jspy, empty when unconfined or unknown
 * @param targetUser the process's real user id
 * @param isSameUser all its user and group ids are jspy's
 * @param isDumpable false for setuid programs and those that asked for it: their /proc belongs to
 *     root
 * @param hasMoreCapabilities it may do what jspy may not
 * @param isOtherUserNamespace known to live in another one
 * @param ptraceScope {@code kernel.yama.ptrace_scope}, 0 when there is no Yama
 * @param isContainer jspy itself seems to run in a container
 */
record PermissionFacts(
        int user,
        boolean hasPtraceCapability,
        boolean isUnderSeccomp,
        String securityProfile,
        int targetUser,
        boolean isSameUser,
        boolean isDumpable,
        boolean hasMoreCapabilities,
        boolean isOtherUserNamespace,
        int ptraceScope,
        boolean isContainer) {

    /** {@code CAP_SYS_PTRACE}, linux/capability.h */
    private static final int SYS_PTRACE = 19;

    static PermissionFacts of(TargetProcess process) throws IOException {
        ProcFiles proc = process.proc();
        ProcessStatus own = new ProcessStatus(proc.text("self/status"));
        ProcessStatus target = process.status();
        int user = own.userIds()[1];
        int group = own.groupIds()[1];
        boolean isSameUser =
                Arrays.stream(target.userIds()).limit(3).allMatch(id -> id == user)
                        && Arrays.stream(target.groupIds()).limit(3).allMatch(id -> id == group);
        return new PermissionFacts(
                user,
                own.hasEffectiveCapability(SYS_PTRACE),
                own.isUnderSeccompFilter(),
                securityProfile(proc),
                target.userIds()[0],
                isSameUser,
                isDumpable(process, target),
                (target.permittedCapabilities() & ~own.permittedCapabilities()) != 0,
                isOtherUserNamespace(process, own.hasEffectiveCapability(SYS_PTRACE)),
                ptraceScope(proc),
                own.namespacedIds().length > 1
                        || Files.exists(proc.root().resolve("../.dockerenv"))
                        || Files.exists(proc.root().resolve("../run/.containerenv")));
    }

    // internals

    private static String securityProfile(ProcFiles proc) {
        try {
            String profile = proc.text("self/attr/current").replace("\0", "").trim();
            return profile.startsWith("unconfined") || profile.startsWith("kernel") ? "" : profile;
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isDumpable(TargetProcess process, ProcessStatus target)
            throws IOException {
        Object owner = Files.getAttribute(process.proc().path(process.pid(), "stat"), "unix:uid");
        return owner.equals(target.userIds()[1]);
    }

    /**
     * Where even the name of its namespace is kept from a jspy with the capability, and jspy is in
     * a user namespace itself, the capability does not reach so far.
     */
    private static boolean isOtherUserNamespace(TargetProcess process, boolean hasCapability) {
        try {
            String own =
                    Files.readSymbolicLink(process.proc().root().resolve("self/ns/user"))
                            .toString();
            return !own.equals(process.proc().link(process.pid(), "ns/user"));
        } catch (IOException e) {
            return hasCapability && !mapsAllUsers(process.proc());
        }
    }

    /** {@code uid_map} of the first user namespace is one line that maps every id to itself. */
    private static boolean mapsAllUsers(ProcFiles proc) {
        try {
            return proc.text("self/uid_map").trim().matches("0\\s+0\\s+4294967295");
        } catch (IOException e) {
            return true;
        }
    }

    private static int ptraceScope(ProcFiles proc) {
        try {
            return Integer.parseInt(proc.text("sys/kernel/yama/ptrace_scope").trim());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
