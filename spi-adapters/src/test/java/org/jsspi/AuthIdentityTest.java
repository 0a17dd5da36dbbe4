package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthIdentityTest {
    private static final char[] PASSWORD = "s3cret".toCharArray();

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE\\alice,        alice,              EXAMPLE, alice,  EXAMPLE",
        "alice@example.com,     alice@example.com,  '',      alice,  example.com",
        "alice,                 alice,              '',      alice,  ''",
        "'\\alice',             alice,              '',      alice,  ''",
        "EXAMPLE\\a@b,          a@b,                EXAMPLE, a@b,    EXAMPLE",
        "a@b@example.com,       a@b@example.com,    '',      a@b,    example.com",
        "@alice,                @alice,             '',      @alice, ''"
    })
    void nameIsReadAsWindowsReadsIt(String name, String user, String domain, String account, String realm) {
        try (AuthIdentity identity = AuthIdentity.of(name, PASSWORD)) {
            assertEquals(user, identity.user());
            assertEquals(domain, identity.domain());
            assertEquals(account, identity.account());
            assertEquals(realm, identity.realm());
        }
    }

    @ParameterizedTest
    @CsvSource({
        ",                    NTLM,     true",
        "'',                  NTLM,     true",
        "'Kerberos,NTLM',     NTLM,     true",
        "'Kerberos,NTLM',     kerberos, true",
        "'Kerberos, NTLM ',   ntlm,     true",
        "Kerberos,            NTLM,     false",
        "!ntlm,               NTLM,     false",
        "!ntlm,               Kerberos, true",
        "'! ntlm',            NTLM,     false",
        "'Kerberos,!NTLM',    NTLM,     false",
        "'NTLM,!NTLM',        NTLM,     false",
        "'Kerberos,!Digest',  NTLM,     false",
        "',',                 NTLM,     true"
    })
    void packageListRestrictsWhoMayUseIt(String list, String packageName, boolean allowed) throws SspiException {
        AuthIdentity identity = AuthIdentity.of("alice", PASSWORD).withPackageList(list);
        assertEquals(allowed, identity.allows(packageName));
        assertEquals(allowed, identity.copy().allows(packageName));
    }

    @Test
    void secretsAreCopiedInAndOut() throws SspiException {
        char[] given = PASSWORD.clone();
        AuthIdentity identity = AuthIdentity.of("alice", "EXAMPLE", given);
        given[0] = 'x';
        identity.password()[0] = 'y';
        assertArrayEquals(PASSWORD, identity.password());
        assertNull(identity.ntHash());
        byte[] hash = new byte[16];
        AuthIdentity hashed = AuthIdentity.ofNtHash("alice", "EXAMPLE", hash);
        hash[0] = 1;
        hashed.ntHash()[1] = 1;
        assertArrayEquals(new byte[16], hashed.ntHash());
        assertNull(hashed.password());
        assertThrows(IllegalArgumentException.class, () -> AuthIdentity.ofNtHash("alice", "", new byte[15]));
    }

    @Test
    void closingWipesTheOneAndNotItsCopies() throws SspiException {
        AuthIdentity identity = AuthIdentity.of("alice", PASSWORD);
        AuthIdentity copy = identity.copy();
        identity.close();
        identity.close();
        assertTrue(identity.isClosed());
        for (Executable use : new Executable[] {identity::password, identity::ntHash, identity::copy}) {
            assertSame(
                    SecurityStatus.SEC_E_NO_CREDENTIALS,
                    assertThrows(SspiException.class, use).status());
        }
        assertFalse(copy.isClosed());
        assertArrayEquals(PASSWORD, copy.password());
    }

    @Test
    void textNamesTheUserAndNothingElse() {
        assertEquals(
                "EXAMPLE\\alice", AuthIdentity.of("EXAMPLE\\alice", PASSWORD).toString());
        assertEquals(
                "alice@example.com",
                AuthIdentity.of("alice@example.com", PASSWORD).toString());
    }

    @Test
    void nobodyHasNeitherNameNorPassword() {
        assertTrue(AuthIdentity.anonymous().isAnonymous());
        assertFalse(AuthIdentity.of("", PASSWORD).isAnonymous());
        assertFalse(AuthIdentity.of("alice", new char[0]).isAnonymous());
        assertFalse(AuthIdentity.ofNtHash("", "", new byte[16]).isAnonymous());
    }
}
