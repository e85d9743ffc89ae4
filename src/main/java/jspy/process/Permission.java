package jspy.process;

/** Why the kernel refuses to let jspy read a process, and the command that changes it. */
record Permission(String why, String remedy) {
    private static final String SUDO = "run jspy as root: sudo jspy …";
    private static final String ADD_CAPABILITY =
            "give jspy's container the capability: docker run --cap-add=SYS_PTRACE …, or kubectl"
                    + " debug --profile=general …";

    private static final String ROOT_WITH_CAPABILITY =
            "run jspy as root, in a container with CAP_SYS_PTRACE: docker run --user 0"
                    + " --cap-add=SYS_PTRACE …, or kubectl debug --profile=general …";

    /** The first thing that stands in the way. */
    static Permission of(PermissionFacts facts) {
        if (facts.ptraceScope() >= 3) {
            return new Permission(
                    "kernel.yama.ptrace_scope is 3, which forbids it to everybody",
                    "it cannot be changed before the next boot; set kernel.yama.ptrace_scope=1 in"
                            + " /etc/sysctl.d and reboot");
        }
        if (facts.hasPtraceCapability()) {
            return despiteCapability(facts);
        }
        if (facts.user() == 0) {
            return new Permission(
                    "root without the capability CAP_SYS_PTRACE, as in a container",
                    ADD_CAPABILITY);
        }
        return withoutCapability(facts);
    }

    // internals

    private static Permission despiteCapability(PermissionFacts facts) {
        if (facts.isOtherUserNamespace()) {
            return new Permission(
                    "the process lives in another user namespace, where CAP_SYS_PTRACE of this one"
                            + " does not count",
                    "run jspy as root on the host, or in that namespace: nsenter --user --target"
                            + " PID jspy …");
        }
        if (!facts.securityProfile().isEmpty()) {
            return new Permission(
                    "the security profile \"%s\" may forbid it".formatted(facts.securityProfile()),
                    "docker run --security-opt apparmor=unconfined …, or run jspy outside of that"
                            + " profile");
        }
        if (facts.isUnderSeccomp()) {
            return new Permission(
                    "a seccomp filter refuses the system call",
                    "docker run --security-opt seccomp=unconfined …, or a profile that allows"
                            + " process_vm_readv");
        }
        return new Permission(
                "the kernel refuses, although jspy has CAP_SYS_PTRACE: a security module (Landlock,"
                        + " SELinux, Smack) can do that, or the process lives in another user"
                        + " namespace, which it cannot be asked",
                "start jspy outside of the sandbox that it runs in, if there is one;"
                        + " /sys/kernel/security/lsm lists the modules");
    }

    private static Permission withoutCapability(PermissionFacts facts) {
        String help = facts.isContainer() ? ROOT_WITH_CAPABILITY : SUDO;
        if (!facts.isSameUser() && facts.user() != facts.targetUser()) {
            return new Permission(
                    "the process belongs to user id %d, jspy runs as %d"
                            .formatted(facts.targetUser(), facts.user()),
                    help);
        }
        if (!facts.isSameUser()) {
            return new Permission("the process runs with other user or group ids than jspy", help);
        }
        if (facts.isOtherUserNamespace()) {
            return new Permission("the process lives in another user namespace", help);
        }
        if (!facts.isDumpable()) {
            return new Permission(
                    "the process is protected (a setuid program, one with capabilities, or it"
                            + " called prctl(PR_SET_DUMPABLE, 0))",
                    help);
        }
        if (facts.hasMoreCapabilities()) {
            return new Permission("the process has capabilities that jspy lacks", help);
        }
        if (facts.ptraceScope() == 2) {
            return new Permission(
                    "kernel.yama.ptrace_scope is 2, which allows it to root alone", help);
        }
        if (facts.ptraceScope() == 1) {
            return new Permission(
                    "kernel.yama.ptrace_scope is 1, which allows it for a process's own children"
                            + " alone",
                    facts.isContainer()
                            ? ROOT_WITH_CAPABILITY
                            : "sudo jspy …, or sudo sysctl kernel.yama.ptrace_scope=0, or start the"
                                    + " program by jspy record -- program …");
        }
        if (facts.isUnderSeccomp()) {
            return new Permission(
                    "a seccomp filter refuses the system call",
                    "docker run --security-opt seccomp=unconfined …, or a profile that allows"
                            + " process_vm_readv");
        }
        return new Permission("the kernel refuses", help);
    }
}
