package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SecurityOverlayTest {
    @Test
    void theListIsRenumberedBehindJsspi() {
        assertEquals("""
                security.provider.1=JSSPI
                security.provider.2=SUN
                security.provider.3=SunEC
                """, SecurityOverlay.over(List.of("SUN", "SunEC")));
    }

    @Test
    void aListThatHasJsspiAlreadyGetsItOnce() {
        assertEquals("""
                security.provider.1=JSSPI
                security.provider.2=SUN
                security.provider.3=SunEC
                """, SecurityOverlay.over(List.of("SUN", "org.jsspi.provider.JsspiProvider", "SunEC", "JSSPI")));
    }

    @Test
    void jsspiCanStandLast() {
        assertEquals("""
                security.provider.1=SUN
                security.provider.2=SunJSSE
                security.provider.3=JSSPI
                """, SecurityOverlay.over(List.of("SUN", "SunJSSE"), SecurityOverlay.Place.LAST));
    }

    @Test
    void jsspiCanReplaceSunJsse() {
        assertEquals("""
                security.provider.1=JSSPI
                security.provider.2=SUN
                security.provider.3=SunJCE
                """, SecurityOverlay.over(List.of("SUN", "SunJSSE", "SunJCE"), SecurityOverlay.Place.ONLY));
    }

    @Test
    void noNumberIsLeftThroughWhichSunJsseComesBack() {
        assertEquals("""
                security.provider.1=JSSPI
                security.provider.2=SUN
                security.provider.3=SUN
                """, SecurityOverlay.over(List.of("JSSPI", "SUN", "SunJSSE"), SecurityOverlay.Place.ONLY));
    }

    @Test
    void theArgumentOfAnEntrySurvivesThePropertiesFormat() throws Exception {
        Properties read = new Properties();
        read.load(new StringReader(SecurityOverlay.over(List.of("SunPKCS11 C:\\token\\nss.cfg"))));

        assertEquals("SunPKCS11 C:\\token\\nss.cfg", read.getProperty("security.provider.2"));
    }
}
