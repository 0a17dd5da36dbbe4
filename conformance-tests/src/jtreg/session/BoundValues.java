/*
 * @test
 * @summary values bound to a session are told when they are bound, replaced and removed
 */
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import org.jsspi.provider.JsspiProvider;

public class BoundValues {
    private static final List<String> EVENTS = new ArrayList<>();

    private static final class Value implements SSLSessionBindingListener {
        @Override
        public void valueBound(SSLSessionBindingEvent event) {
            EVENTS.add("bound " + event.getName());
        }

        @Override
        public void valueUnbound(SSLSessionBindingEvent event) {
            EVENTS.add("unbound " + event.getName());
        }
    }

    public static void main(String[] args) throws Exception {
        SSLSession session =
                Loopback.established(new JsspiProvider()).client.engine.getSession();
        Value value = new Value();
        session.putValue("a", value);
        Loopback.expect(session.getValue("a") == value, "the value");
        session.putValue("a", new Value());
        session.removeValue("a");
        Loopback.expect(session.getValue("a") == null && session.getValueNames().length == 0, "no value left");
        Loopback.expect(EVENTS.stream().filter("bound a"::equals).count() == 2, "bound twice: " + EVENTS);
        Loopback.expect(EVENTS.stream().filter("unbound a"::equals).count() == 2, "unbound twice: " + EVENTS);
        Loopback.expect(IllegalArgumentException.class, () -> session.putValue(null, "x"));
        Loopback.expect(IllegalArgumentException.class, () -> session.putValue("x", null));
    }
}
