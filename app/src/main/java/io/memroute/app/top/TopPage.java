package io.memroute.app.top;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.text.Shown;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The numbers of a proxy as lines of text. */
final class TopPage {

    /** Titles, and states that somebody should look at. */
    static final Paint PAINT =
            new Paint("^(?<reverse>[A-Z][A-Z ]+ .*)$|(?<red>  (?:bad|down)(?=  )|NOT READY|connection lost.*$)"
                    + "|(?<yellow>  connecting(?=  ))|^(?<faint>q .*)$");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** Titles, a row, and how many more there are. */
    private static final int LEAST_LINES = 3;

    private TopPage() {}

    /** Everything, for a script or a file. */
    static List<String> whole(String proxy, Live live, Order order) {
        return lines(proxy, live, View.ALL, order, Integer.MAX_VALUE);
    }

    /** @param height how many lines there is room for */
    static List<String> lines(String proxy, Live live, View view, Order order, int height) {
        List<String> lines = new ArrayList<>(List.of(head(proxy, live), requests(live)));
        List<Table> tables = new ArrayList<>();
        for (Section section : view.sections()) {
            Table table = section.table(live);
            if (table.size() > 0) {
                table.sort(order);
                tables.add(table);
            }
        }
        for (int i = 0; i < tables.size(); i++) {
            // What is left, shared by the tables that follow; each gets no more than it needs.
            int left = height - lines.size() - (tables.size() - i);
            int share = Math.max(LEAST_LINES, left / (tables.size() - i));
            if (left < LEAST_LINES) {
                break;
            }
            lines.add("");
            lines.addAll(tables.get(i).lines(i == tables.size() - 1 ? left : share));
        }
        return lines;
    }

    private static String head(String proxy, Live live) {
        return "memroute " + Shown.text(proxy) + "   "
                + TIME.format(live.time().atZone(ZoneId.systemDefault())) + "   "
                + (live.ready() ? "ready" : "NOT READY") + "   clients "
                + live.clients().connections() + " of "
                + live.clients().limit()
                + "   the last " + Math.round(live.intervalSeconds()) + " s";
    }

    private static String requests(Live live) {
        Live.Requests requests = live.requests();
        Live.Latency latency = requests.latency();
        Double hitRatio = requests.hitRatio();
        return "requests " + Figures.rate(requests.rate())
                + "   " + requests.total() + " in all"
                + "   hits " + (hitRatio == null ? "-" : Figures.share(hitRatio))
                + "   errors " + Figures.rate(requests.errorRate())
                + "   under way " + Figures.count(requests.active())
                + (latency == null
                        ? ""
                        : "   p50 " + Figures.time(latency.p50()) + "   p99 " + Figures.time(latency.p99()) + "   max "
                                + Figures.time(latency.max()));
    }
}
