package jspy.top;

import java.util.Comparator;
import java.util.List;

/** The table: all rows that the filter lets through, in the order that was chosen. */
record TableBody(List<Row> rows, Columns columns, long periodNanos, long sinceStartNanos)
        implements Body {

    static TableBody of(Model model, View view, int width) {
        Comparator<Row> order = view.sort.order;
        List<Row> rows =
                model.rows(view.grain, view.thread).stream()
                        .filter(row -> view.shows(row.frame()))
                        .sorted(order)
                        .toList();
        return new TableBody(
                rows,
                new Columns(width),
                model.periodNanos(view.thread),
                model.sinceStartNanos(view.thread));
    }

    @Override
    public String titles() {
        return columns.titles();
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public int row(int index) {
        return rows.get(index).id();
    }

    @Override
    public Line line(int index) {
        return columns.line(rows.get(index), periodNanos, sinceStartNanos);
    }
}
