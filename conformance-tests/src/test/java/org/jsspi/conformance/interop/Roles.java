package org.jsspi.conformance.interop;

import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;

/** Who is on which side. */
enum Roles {
    OUR_CLIENT(Jsse.OURS, Jsse.SUN),
    OUR_SERVER(Jsse.SUN, Jsse.OURS),
    OURS_BOTH(Jsse.OURS, Jsse.OURS);

    final Jsse client;
    final Jsse server;

    Roles(Jsse client, Jsse server) {
        this.client = client;
        this.server = server;
    }

    /** {@return our end; the server's where both are} */
    EngineEnd ours(EnginePair pair) {
        return this == OUR_CLIENT ? pair.client() : pair.server();
    }
}
