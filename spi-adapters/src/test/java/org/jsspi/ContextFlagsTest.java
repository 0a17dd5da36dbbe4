package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ContextFlagsTest {
    @Test
    void theTwoSidesDivergeFromBitFourteenOn() {
        assertEquals(0x8000, IscReq.STREAM.bits());
        assertEquals(0x10000, AscReq.STREAM.bits());
        assertEquals(0x4000, IscReq.EXTENDED_ERROR.bits());
        assertEquals(0x8000, AscReq.EXTENDED_ERROR.bits());
        assertEquals(0x10000, IscReq.INTEGRITY.bits());
        assertEquals(0x20000, AscReq.INTEGRITY.bits());
        assertEquals(0x200000, IscReq.FRAGMENT_TO_FIT.bits());
        assertEquals(0x800000, AscReq.FRAGMENT_TO_FIT.bits());
        assertEquals(IscRet.STREAM.bits(), IscReq.STREAM.bits());
        assertEquals(AscRet.STREAM.bits(), AscReq.STREAM.bits());
    }

    @Test
    void requestsAndReturnsDivergeFromBitTwelveOn() {
        assertEquals(0x1000, IscReq.CALL_LEVEL.bits());
        assertEquals(0x2000, IscRet.CALL_LEVEL.bits());
        assertEquals(0x1000, IscRet.INTERMEDIATE_RETURN.bits());
        assertEquals(0x2000, AscRet.CALL_LEVEL.bits());
    }

    @Test
    void flagsAreSets() {
        IscReq both = IscReq.STREAM.or(IscReq.CONFIDENTIALITY);
        assertTrue(both.has(IscReq.STREAM));
        assertFalse(both.has(IscReq.MUTUAL_AUTH));
        assertFalse(both.has(IscReq.STREAM.or(IscReq.MUTUAL_AUTH)));
        assertEquals(IscReq.STREAM, both.without(IscReq.CONFIDENTIALITY));
        assertEquals(both, IscReq.of(0x8010));
        assertNotEquals((Object) IscReq.STREAM, AscReq.of(0x8000));
    }

    @Test
    void toStringNamesTheFlagsAndShowsUnknownBits() {
        assertEquals("[CONFIDENTIALITY|STREAM]", IscReq.of(0x8010).toString());
        assertEquals("[0x80000000]", IscReq.of(0x80000000L).toString());
        assertEquals("[]", AscRet.NONE.toString());
        assertEquals("[MESSAGES]", IscReq.of(1L << 32).toString());
    }
}
