package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Each thing that stands in the way is named, with the command that changes it. */
class PermissionTest {
    @TempDir private Path folder;

    private static void assertSays(PermissionFacts facts, String why, String remedy) {
        Permission permission = Permission.of(facts);
        assertTrue(permission.why().contains(why), permission.toString());
        assertTrue(permission.remedy().contains(remedy), permission.toString());
    }

    private static PermissionFacts user(int own, int target, int scope, boolean isContainer) {
        return new PermissionFacts(
                own,
                false,
                false,
                "",
                target,
                own == target,
                true,
                false,
                false,
                scope,
                isContainer);
    }

    private static PermissionFacts root(
            boolean hasCapability, boolean isUnderSeccomp, String profile) {
        return new PermissionFacts(
                0, hasCapability, isUnderSeccomp, profile, 0, true, true, false, false, 0, true);
    }

    @Test
    void anotherUsersProcess() {
        assertSays(
                user(1000, 33, 0, false), "belongs to user id 33, jspy runs as 1000", "sudo jspy");
        assertSays(user(1000, 33, 0, true), "belongs to user id 33", "--cap-add=SYS_PTRACE");
    }

    @Test
    void yama() {
        assertSays(
                user(1000, 1000, 1, false),
                "ptrace_scope is 1",
                "sysctl kernel.yama.ptrace_scope=0");
        assertSays(user(1000, 1000, 2, false), "ptrace_scope is 2", "sudo");
        assertSays(user(1000, 1000, 3, false), "ptrace_scope is 3", "reboot");
    }

    @Test
    void rootOfAContainer() {
        assertSays(
                root(false, false, ""),
                "without the capability CAP_SYS_PTRACE",
                "--cap-add=SYS_PTRACE");
        assertSays(root(true, true, ""), "seccomp", "seccomp=unconfined");
        assertSays(
                root(true, true, "docker-default (enforce)"),
                "docker-default",
                "apparmor=unconfined");
        assertSays(
                root(true, false, ""), "although jspy has CAP_SYS_PTRACE", "kernel/security/lsm");
    }

    @Test
    void protectedProcessOfTheSameUser() {
        PermissionFacts undumpable =
                new PermissionFacts(5, false, false, "", 5, true, false, false, false, 0, false);
        assertSays(undumpable, "PR_SET_DUMPABLE", "sudo");
        PermissionFacts mighty =
                new PermissionFacts(5, false, false, "", 5, true, true, true, false, 0, false);
        assertSays(mighty, "capabilities that jspy lacks", "sudo");
        PermissionFacts otherGroup =
                new PermissionFacts(5, false, false, "", 5, false, true, false, false, 0, false);
        assertSays(otherGroup, "group ids", "sudo");
        PermissionFacts namespace =
                new PermissionFacts(0, true, false, "", 5, false, true, true, true, 0, false);
        assertSays(namespace, "another user namespace", "nsenter");
    }

    @Test
    void factsAreReadFromProc() throws Exception {
        FakeProc proc = new FakeProc(folder.resolve("proc")).process(7, "a", 'S');
        proc.with(
                "self/status",
                "Uid:\t1\t2\t3\t4\n"
                        + "Gid:\t5\t6\t7\t8\n"
                        + "NSpid:\t50\t3\n"
                        + "CapPrm:\t0\n"
                        + "CapEff:\t80000\n"
                        + "Seccomp:\t2\n");
        proc.with("7/status", "Uid:\t9\t9\t9\t9\nGid:\t9\t9\t9\t9\nCapPrm:\t8\n");
        proc.with("self/attr/current", "docker-default (enforce)\n");
        proc.with("sys/kernel/yama/ptrace_scope", "2\n");
        proc.withLink("self/ns/user", Path.of("user:[1]"))
                .withLink("7/ns/user", Path.of("user:[2]"));
        PermissionFacts facts = PermissionFacts.of(TargetProcess.of(proc.files(), 7));
        assertEquals(
                new PermissionFacts(
                        2,
                        true,
                        true,
                        "docker-default (enforce)",
                        9,
                        false,
                        facts.isDumpable(),
                        true,
                        true,
                        2,
                        true),
                facts);
    }
}
