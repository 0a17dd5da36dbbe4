package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Provider;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;

/** The services name their classes by strings, which have to be right; {@link ColdStartTest} says what that saves. */
class ServiceNamesTest {
    @Test
    void everyServiceMakesInstancesOfTheClassThatItNames() throws Exception {
        Provider provider = new JsspiProvider();
        assertTrue(provider.getServices().size() > 15, provider.getServices()::toString);
        for (Provider.Service service : provider.getServices()) {
            assertEquals(
                    service.getClassName(), service.newInstance(null).getClass().getName(), service::toString);
        }
    }

    @Test
    void everySupportedKeyClassIsThere() throws Exception {
        for (Provider.Service service : new JsspiProvider().getServices()) {
            String keys = service.getAttribute("SupportedKeyClasses");
            if (keys != null) {
                assertEquals(keys, Class.forName(keys).getName());
            }
        }
    }
}
