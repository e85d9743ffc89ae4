package jspy.process;

/** Started by {@link AttachCheckLiveTest} as another user: prints what the check says of a pid. */
final class AttachProbe {
    private AttachProbe() {}

    public static void main(String[] args) {
        try {
            new AttachCheck(ProcFiles.system()).attach(Integer.parseInt(args[0]));
            System.out.println("attached");
        } catch (AttachException e) {
            System.out.println(e.reason() + " " + e.getMessage().replace('\n', ' '));
        }
    }
}
