package org.jsspi.conformance.ntlm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hierynomus.msdtyp.AccessMask;
import com.hierynomus.mserref.NtStatus;
import com.hierynomus.mssmb2.SMB2CreateDisposition;
import com.hierynomus.mssmb2.SMB2Dialect;
import com.hierynomus.mssmb2.SMB2ShareAccess;
import com.hierynomus.mssmb2.SMBApiException;
import com.hierynomus.smbj.SMBClient;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.auth.NtlmAuthenticator;
import com.hierynomus.smbj.connection.Connection;
import com.hierynomus.smbj.session.Session;
import com.hierynomus.smbj.share.DiskShare;
import com.hierynomus.smbj.share.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsspi.AuthIdentity;
import org.jsspi.NtlmAccountTable;
import org.jsspi.SspiException;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.SambaServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * NTLM in SMB, in both roles: our client in smbj signs in to smbd, and smbj's own client and Samba's sign in to our acceptor. SMB
 * derives its signatures from the session key, so every message after that shows that both sides have the same.
 */
class SmbTest {
    @TempDir
    private Path folder;

    private static SmbConfig.Builder configuration(SMB2Dialect dialect) {
        return SmbConfig.builder().withDialects(dialect).withSigningRequired(true);
    }

    private static AuthenticationContext user(String password) {
        return new AuthenticationContext(SambaServer.USER, password.toCharArray(), SambaServer.WORKGROUP);
    }

    private static String read(SmbConfig configuration, String host, String password) throws IOException {
        try (SMBClient client = new SMBClient(configuration);
                Connection connection = client.connect(host);
                Session session = connection.authenticate(user(password));
                DiskShare share = (DiskShare) session.connectShare("share");
                File file = share.openFile(
                        "hello.txt",
                        EnumSet.of(AccessMask.GENERIC_READ),
                        null,
                        SMB2ShareAccess.ALL,
                        SMB2CreateDisposition.FILE_OPEN,
                        null);
                InputStream in = file.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Dialects that derive their keys in three ways. */
    @ParameterizedTest
    @EnumSource(
            value = SMB2Dialect.class,
            names = {"SMB_2_1", "SMB_3_0_2", "SMB_3_1_1"})
    void ourClientSignsInToSmbdAndReadsAFile(SMB2Dialect dialect) throws Exception {
        try (SambaServer smbd = SambaServer.standalone(folder)) {
            AtomicInteger verified = new AtomicInteger();
            SmbConfig ours = configuration(dialect)
                    .withAuthenticators(SmbjAuthenticator.factory(verified))
                    .build();
            assertEquals("hello from smbd\n", read(ours, smbd.address(), SambaServer.PASSWORD));
            assertEquals(1, verified.get(), "servers with the right mechListMIC");
            SMBApiException e = assertThrows(SMBApiException.class, () -> read(ours, smbd.address(), "another"));
            assertEquals(NtStatus.STATUS_LOGON_FAILURE, e.getStatus());
        }
    }

    private static NtlmAccountTable accounts() throws SspiException {
        try (AuthIdentity account =
                AuthIdentity.of(SambaServer.USER, SambaServer.WORKGROUP, SambaServer.PASSWORD.toCharArray())) {
            return new NtlmAccountTable().add(account);
        }
    }

    @Test
    void ourServerAcceptsSmbj() throws Exception {
        SmbConfig theirs = configuration(SMB2Dialect.SMB_2_1)
                .withAuthenticators(new NtlmAuthenticator.Factory())
                .build();
        try (NtlmAccountTable accounts = accounts();
                SmbAcceptor acceptor = new SmbAcceptor(accounts);
                SMBClient client = new SMBClient(theirs);
                Connection connection = client.connect("127.0.0.1", acceptor.port())) {
            try (Session session = connection.authenticate(user(SambaServer.PASSWORD))) {
                session.connectShare("IPC$").close();
            }
            assertEquals(List.of(SambaServer.WORKGROUP + "\\" + SambaServer.USER), acceptor.names());
            SMBApiException e = assertThrows(SMBApiException.class, () -> connection.authenticate(user("another")));
            assertEquals(NtStatus.STATUS_LOGON_FAILURE, e.getStatus());
        }
    }

    private Peer smbclient(SmbAcceptor acceptor, String password) throws IOException {
        Peer.assumeInstalled("smbclient");
        return Peer.start(List.of(
                "smbclient",
                "//127.0.0.1/IPC$",
                "--port=" + acceptor.port(),
                "--workgroup=" + SambaServer.WORKGROUP,
                "--user=" + SambaServer.USER + "%" + password,
                "--max-protocol=SMB2_10",
                "--client-protection=sign",
                "--configfile=/dev/null",
                "--option=lock directory=" + folder,
                "--command=exit"));
    }

    @Test
    void ourServerAcceptsSmbclient() throws Exception {
        try (NtlmAccountTable accounts = accounts();
                SmbAcceptor acceptor = new SmbAcceptor(accounts)) {
            try (Peer client = smbclient(acceptor, SambaServer.PASSWORD)) {
                assertEquals(0, client.end(), client::output);
            }
            assertEquals(List.of(SambaServer.WORKGROUP + "\\" + SambaServer.USER), acceptor.names());
            try (Peer client = smbclient(acceptor, "another")) {
                assertEquals(1, client.end(), client::output);
                client.await("NT_STATUS_LOGON_FAILURE");
            }
        }
    }
}
