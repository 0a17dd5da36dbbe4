package org.jsspi.conformance.ntlm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Hashtable;
import java.util.UUID;
import javax.naming.AuthenticationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.security.sasl.Sasl;
import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.conformance.fixture.SambaServer;
import org.jsspi.provider.JsspiProvider;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NTLM with a domain controller of Active Directory: DCE/RPC over TCP, and LDAP by JNDI. */
class DomainControllerTest {
    /** The Security Account Manager (MS-SAMR), version 1.0. */
    private static final UUID SAMR = UUID.fromString("12345778-1234-abcd-ef00-0123456789ac");

    private static final int SAMR_CONNECT = 0;
    private static final int SAMR_CLOSE_HANDLE = 1;
    private static final int SAMR_ENUMERATE_DOMAINS = 6;
    private static final int MAXIMUM_ALLOWED = 0x0200_0000;
    private static final int HANDLE = 20;

    private static SambaServer controller;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        controller = SambaServer.domainController(folder);
    }

    @AfterAll
    static void stop() {
        if (controller != null) {
            controller.close();
        }
    }

    private static CredHandle credential(String password) throws SspiException {
        try (AuthIdentity identity =
                AuthIdentity.of(SambaServer.ADMINISTRATOR, SambaServer.DOMAIN, password.toCharArray())) {
            return new NtlmPackage().acquireCredentialsHandle(null, CredentialUse.OUTBOUND, identity);
        }
    }

    // DCE/RPC

    private static DceRpcClient bind(SecurityContext context, int level) throws IOException, SspiException {
        return new DceRpcClient(
                new InetSocketAddress(controller.address(), SambaServer.RPC_PORT), context, level, SAMR);
    }

    private static ByteBuffer stub(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return a context handle} MS-SAMR 3.1.5.1.4: no server name, an access mask; a handle and a status come back. */
    private static byte[] connect(DceRpcClient client) throws IOException, SspiException {
        ByteBuffer answer = ByteBuffer.wrap(client.call(
                        SAMR_CONNECT, stub(8).putInt(0).putInt(MAXIMUM_ALLOWED).array()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0, answer.getInt(HANDLE), "the status of SamrConnect");
        byte[] handle = new byte[HANDLE];
        answer.get(handle);
        return handle;
    }

    private static byte[] enumeration(byte[] handle, int preferredLength) {
        return stub(HANDLE + 8).put(handle).putInt(0).putInt(preferredLength).array();
    }

    /** MS-SAMR 3.1.5.2.1, many times on one connection, so that the streams of both sides run on. */
    @ParameterizedTest
    @ValueSource(ints = {DceRpcClient.PRIVACY, DceRpcClient.INTEGRITY})
    void theControllerAnswersCallsThatAreSealedOrSigned(int level) throws Exception {
        try (CredHandle credential = credential(SambaServer.PASSWORD);
                SecurityContext context = credential.newContext();
                DceRpcClient client = bind(context, level)) {
            byte[] handle = connect(client);
            for (int i = 0; i < 50; i++) {
                byte[] domains = client.call(SAMR_ENUMERATE_DOMAINS, enumeration(handle, 1 << 16));
                String text = new String(domains, StandardCharsets.UTF_16LE);
                assertTrue(text.contains(SambaServer.DOMAIN), text);
                assertTrue(text.contains("BUILTIN"), text);
            }
            byte[] closed = client.call(SAMR_CLOSE_HANDLE, handle);
            assertEquals(0, ByteBuffer.wrap(closed).getInt(HANDLE));
        }
    }

    @Test
    void aSealedResponseHidesItsStub() throws Exception {
        try (CredHandle credential = credential(SambaServer.PASSWORD);
                SecurityContext context = credential.newContext();
                DceRpcClient client = bind(context, DceRpcClient.PRIVACY)) {
            byte[] handle = connect(client);
            ByteBuffer sealed = client.callProtected(SAMR_ENUMERATE_DOMAINS, enumeration(handle, 1 << 16));
            assertFalse(new String(sealed.array(), StandardCharsets.UTF_16LE).contains(SambaServer.DOMAIN));
            byte[] stub = client.unprotected(sealed);
            assertTrue(new String(stub, StandardCharsets.UTF_16LE).contains(SambaServer.DOMAIN));
        }
    }

    /** Header, stub, trailer and signature of a real response: whatever changes is found, and the response is good after. */
    @ParameterizedTest
    @ValueSource(ints = {DceRpcClient.PRIVACY, DceRpcClient.INTEGRITY})
    void aResponseThatWasAlteredIsRefusedAndTheConnectionGoesOn(int level) throws Exception {
        try (CredHandle credential = credential(SambaServer.PASSWORD);
                SecurityContext context = credential.newContext();
                DceRpcClient client = bind(context, level)) {
            byte[] handle = connect(client);
            ByteBuffer response = client.callProtected(SAMR_ENUMERATE_DOMAINS, enumeration(handle, 1 << 16));
            int[] places = {4, 20, 30, response.limit() - 20, response.limit() - 10};
            for (int place : places) {
                byte[] altered = response.array().clone();
                altered[place] ^= 1;
                SspiException e = assertThrows(
                        SspiException.class,
                        () -> client.unprotected(ByteBuffer.wrap(altered).order(ByteOrder.LITTLE_ENDIAN)),
                        () -> "byte " + place);
                assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, e.status());
            }
            String text = new String(client.unprotected(response), StandardCharsets.UTF_16LE);
            assertTrue(text.contains(SambaServer.DOMAIN), text);
            client.call(SAMR_CLOSE_HANDLE, handle);
        }
    }

    @Test
    void theControllerRefusesAWrongPassword() throws Exception {
        try (CredHandle credential = credential("another");
                SecurityContext context = credential.newContext();
                DceRpcClient client = bind(context, DceRpcClient.PRIVACY)) {
            assertThrows(DceRpcClient.Fault.class, () -> connect(client));
        }
    }

    // LDAP

    private static Hashtable<String, String> environment(String quality, String password) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, "ldap://" + controller.address());
        environment.put(Context.SECURITY_AUTHENTICATION, "NTLM");
        environment.put(Context.SECURITY_PRINCIPAL, SambaServer.DOMAIN + "\\" + SambaServer.ADMINISTRATOR);
        environment.put(Context.SECURITY_CREDENTIALS, password);
        environment.put(Sasl.QOP, quality);
        environment.put("com.sun.jndi.ldap.read.timeout", "20000");
        return environment;
    }

    /** An LDAP client that only sets properties of JNDI; our mechanism comes before the JDK's while it runs. */
    private static String distinguishedName(String quality, String password) throws NamingException {
        Provider provider = new JsspiProvider();
        // Another test may have left it behind the JDK's, where it would not be asked.
        Provider registered = Security.getProvider(provider.getName());
        Security.removeProvider(provider.getName());
        Security.insertProviderAt(provider, 1);
        try {
            DirContext directory = new InitialDirContext(environment(quality, password));
            try {
                SearchControls everywhere = new SearchControls();
                everywhere.setSearchScope(SearchControls.SUBTREE_SCOPE);
                SearchResult found = directory
                        .search("dc=ad,dc=sspi,dc=test", "(sAMAccountName=Administrator)", everywhere)
                        .next();
                Attributes attributes = found.getAttributes();
                return attributes.get("distinguishedName").get().toString();
            } finally {
                directory.close();
            }
        } finally {
            Security.removeProvider(provider.getName());
            if (registered != null) {
                Security.addProvider(registered);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth-conf", "auth-int", "auth-conf,auth-int,auth"})
    void jndiSearchesTheDirectoryUnderOurMechanism(String quality) throws Exception {
        assertEquals(
                "CN=Administrator,CN=Users,DC=ad,DC=sspi,DC=test", distinguishedName(quality, SambaServer.PASSWORD));
    }

    @Test
    void theDirectoryRefusesAWrongPassword() {
        NamingException e =
                assertThrows(AuthenticationException.class, () -> distinguishedName("auth-conf", "another"));
        // ERROR_LOGON_FAILURE (MS-ERREF 2.2), and not what a wrong key or MIC would be.
        assertTrue(e.getMessage().contains("data 52e"), e.getMessage());
    }

    /** Active Directory wants a protected connection: what the JDK's mechanism, which has no security layer, cannot give. */
    @Test
    void theDirectoryRefusesAnUnprotectedConnection() {
        NamingException e = assertThrows(NamingException.class, () -> distinguishedName("auth", SambaServer.PASSWORD));
        assertTrue(e.getMessage().contains("error code 8"), e.getMessage());
    }
}
