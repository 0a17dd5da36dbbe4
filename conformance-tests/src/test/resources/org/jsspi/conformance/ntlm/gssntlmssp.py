"""gss-ntlmssp as a peer on stdin and stdout: one command a line, one answer a line, bytes in hexadecimal, "-" for none.

The mechanism is called directly, because MIT's mechglue takes the empty token of a datagram acceptor for SPNEGO.

    OPEN initiate|accept USER DOMAIN PASSWORD FLAGS   the acceptor knows its users from NTLM_USER_FILE
    STEP token            -> TOKEN token DONE|MORE
    MIC message           -> MIC token             VERIFY message token -> OK
    WRAP message          -> WRAP sealed           UNWRAP sealed        -> PLAIN message
    SEQ number            -> OK, of the next messages of a datagram context
    KEY                   -> KEY session key
"""
import ctypes
import sys

LIBRARY = "/usr/lib/x86_64-linux-gnu/gssntlmssp/gssntlmssp.so"
gss = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else LIBRARY)
u32, ptr = ctypes.c_uint32, ctypes.c_void_p
GSS_S_CONTINUE_NEEDED = 1
GSS_C_INITIATE, GSS_C_ACCEPT = 1, 2


class Buffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ptr)]

    @classmethod
    def of(cls, data):
        kept = ctypes.create_string_buffer(data, len(data))
        self = cls(len(data), ctypes.cast(kept, ptr))
        self.kept = kept
        return self

    def bytes(self):
        return ctypes.string_at(self.value, self.length) if self.length else b""


class Oid(ctypes.Structure):
    _fields_ = [("length", u32), ("elements", ptr)]


def oid(text):
    arcs = [int(arc) for arc in text.split(".")]
    out = bytes([arcs[0] * 40 + arcs[1]])
    for arc in arcs[2:]:
        part = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            part.insert(0, arc & 0x7F | 0x80)
        out += bytes(part)
    kept = ctypes.create_string_buffer(out, len(out))
    result = Oid(len(out), ctypes.cast(kept, ptr))
    result.kept = kept
    return result


class BufferSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_size_t), ("elements", ctypes.POINTER(Buffer))]


NTLM = oid("1.3.6.1.4.1.311.2.2.10")
USER_NAME = oid("1.2.840.113554.1.2.1.1")
HOST_SERVICE = oid("1.2.840.113554.1.2.1.4")
SEQUENCE = oid("1.3.6.1.4.1.7165.655.1.1")
SESSION_KEY = oid("1.2.840.113554.1.2.2.5.5")
minor = u32()
context, credential, target = ptr(), ptr(), ptr()
role, flags = "", 0


class Failed(Exception):
    pass


def call(name, *arguments):
    function = getattr(gss, name)
    function.restype = u32
    status = function(ctypes.byref(minor), *arguments)
    if status & 0xFFFF0000:
        raise Failed("%s %08x %d" % (name, status, minor.value))
    return status


def ref(thing):
    return ctypes.byref(thing)


def name(text, kind):
    result = ptr()
    call("gss_import_name", ref(Buffer.of(text.encode())), ref(kind), ref(result))
    return result


def opened(arguments):
    global role, flags, target
    role, user, domain, password = arguments[:4]
    flags = int(arguments[4], 0)
    if role == "initiate":
        who = name(domain + "\\" + user, USER_NAME)
        call("gssspi_acquire_cred_with_password", who, ref(Buffer.of(password.encode())), u32(0xFFFFFFFF), None,
             GSS_C_INITIATE, ref(credential), None, None)
        target = name("cifs@server", HOST_SERVICE)
    else:
        call("gss_acquire_cred", None, u32(0xFFFFFFFF), None, GSS_C_ACCEPT, ref(credential), None, None)
    return "OK"


def step(token):
    out = Buffer()
    given = Buffer.of(token)
    if role == "initiate":
        status = call("gss_init_sec_context", credential, ref(context), target, ref(NTLM), u32(flags), u32(0), None,
                      ref(given) if token else None, None, ref(out), None, None)
    else:
        status = call("gss_accept_sec_context", ref(context), credential, ref(given), None, None, None, ref(out),
                      None, None, None)
    return "TOKEN %s %s" % (text(out.bytes()), "MORE" if status & GSS_S_CONTINUE_NEEDED else "DONE")


def text(data):
    return data.hex() or "-"


def data(hexadecimal):
    return b"" if hexadecimal == "-" else bytes.fromhex(hexadecimal)


def run(command, arguments):
    out = Buffer()
    if command == "OPEN":
        return opened(arguments)
    if command == "STEP":
        return step(data(arguments[0]))
    if command == "MIC":
        call("gss_get_mic", context, u32(0), ref(Buffer.of(data(arguments[0]))), ref(out))
        return "MIC " + text(out.bytes())
    if command == "VERIFY":
        call("gss_verify_mic", context, ref(Buffer.of(data(arguments[0]))), ref(Buffer.of(data(arguments[1]))), None)
        return "OK"
    if command == "WRAP":
        call("gss_wrap", context, 1, u32(0), ref(Buffer.of(data(arguments[0]))), None, ref(out))
        return "WRAP " + text(out.bytes())
    if command == "UNWRAP":
        call("gss_unwrap", context, ref(Buffer.of(data(arguments[0]))), ref(out), None, None)
        return "PLAIN " + text(out.bytes())
    if command == "SEQ":
        number = int(arguments[0]).to_bytes(4, sys.byteorder)
        call("gss_set_sec_context_option", ref(context), ref(SEQUENCE), ref(Buffer.of(number)))
        return "OK"
    if command == "KEY":
        found = ctypes.POINTER(BufferSet)()
        call("gss_inquire_sec_context_by_oid", context, ref(SESSION_KEY), ref(found))
        return "KEY " + text(found.contents.elements[0].bytes())
    return "ERR unknown command"


for line in sys.stdin:
    words = line.split()
    if not words:
        break
    try:
        answer = run(words[0], words[1:])
    except Failed as failure:
        answer = "ERR %s" % failure
    print(answer, flush=True)
