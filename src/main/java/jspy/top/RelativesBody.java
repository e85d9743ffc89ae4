package jspy.top;

import jspy.profile.Frame;
import jspy.top.Relatives.Relative;

import java.util.ArrayList;
import java.util.List;

/** Callers and callees of one row, each with its part of the row's total. */
final class RelativesBody implements Body {
    private static final String TITLES = "     %    %All      Time  Function (file:line)";

    private record Entry(int row, Line line) {}

    private final List<Entry> entries = new ArrayList<>();

    private RelativesBody() {}

    static RelativesBody of(Model model, View view, int width) {
        RelativesBody body = new RelativesBody();
        int row = view.opened.element();
        Relatives relatives = Relatives.of(model, view.grain, view.thread, row);
        Columns columns = new Columns(width);
        RowIndex index = model.index(view.grain);
        long period = relatives.callers().stream().mapToLong(Relative::period).sum();
        long sums = relatives.callers().stream().mapToLong(Relative::sinceStart).sum();
        body.section("called by", width);
        for (Relative caller : relatives.callers()) {
            Frame frame = frame(index, caller, "[nobody: the root]");
            body.add(caller, columns, frame, period, sums);
        }
        body.section("calls", width);
        for (Relative callee : relatives.callees()) {
            Frame frame = frame(index, callee, "[itself: own time]");
            body.add(callee, columns, frame, period, sums);
        }
        return body;
    }

    @Override
    public String titles() {
        return TITLES;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int row(int index) {
        return entries.get(index).row();
    }

    @Override
    public Line line(int index) {
        return entries.get(index).line();
    }

    // internals

    private void section(String title, int width) {
        entries.add(new Entry(View.NONE, Line.of(Style.BOLD, CellText.start(title, width))));
    }

    private void add(Relative relative, Columns columns, Frame frame, long period, long sums) {
        Line line = columns.line(frame, relative.period(), period, relative.sinceStart(), sums);
        entries.add(new Entry(relative.row(), line));
    }

    private static Frame frame(RowIndex index, Relative relative, String nobody) {
        return relative.row() == Relatives.NONE ? Frame.group(nobody) : index.key(relative.row());
    }
}
