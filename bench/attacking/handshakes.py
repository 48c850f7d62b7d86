"""Handshakes and records of TLS that are broken, cut, too large, slow or never end, beside clients that are served.

Victims are connected with TLS and without. What attackers send never becomes a request, and every connection that does
not finish its handshake in time has to be closed by the proxy.
"""

import socket
import ssl
import struct
import subprocess
import time

from comparison.contestants import Missing
from comparison.processes import HOST, free_port

from . import victims
from .crew import Crew, Outcome
from .target import Target

TITLE = "handshakes"

WORKERS = 2
ATTACKER_PROCESSES = 4
VICTIMS = 4

# Of a handshake, by the option of memroute. A busy machine may close later, but not for ever.
HANDSHAKE_LIMIT_SECONDS = 10
CLOSED_WITHIN_SECONDS = 30

# At the same time, of each attacker.
SLOW_CONNECTIONS = 20

CONFIGURATION = """
pools{{ main = {{ backends = {{ "127.0.0.1:{port}" }} }} }}
routes{{ default = route_direct{{ child = "main" }} }}
"""

# Commands, a page, and the beginning of SSL 2.
PLAIN = (b"get key\r\n", b"set key 0 0 5\r\nabcde\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x80\x2e\x01\0\x02")

HANDSHAKE, ALERT, DATA, CHANGE_CIPHER = 22, 21, 23, 20


def certificate(directory):
    """The files of a certificate and its key."""
    chain, key = directory / "shown.crt", directory / "shown.key"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=attacked -keyout"
    try:
        subprocess.run(["openssl", *words.split(), key, "-out", chain], check=True, capture_output=True)
    except FileNotFoundError as e:
        raise Missing("openssl is not installed; install it with: apt-get install -y openssl") from e
    return chain, key


def trusting(maximum=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = maximum
    return context


def hello(chance):
    """A ClientHello as OpenSSL sends it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    version = chance.choice((ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
    client = trusting(version).wrap_bio(incoming, outgoing, server_hostname="attacked.example")
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def record(chance, content, kind=None, length=None):
    kind = chance.choice((HANDSHAKE, ALERT, DATA, CHANGE_CIPHER, 0, 255)) if kind is None else kind
    return struct.pack(">BHH", kind, 0x0303, len(content) if length is None else length) + content


def mutated(chance, sent):
    data = bytearray(sent)
    for _ in range(chance.choice((1, 1, 2, 5, 50))):
        place = chance.randrange(len(data))
        way = chance.randrange(4)
        if way == 0:
            data[place] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        elif way == 1:
            del data[place : place + chance.choice((1, 2, 30))]
        elif way == 2:
            data[place:place] = chance.randbytes(chance.choice((1, 2, 30, 5000)))
        else:
            data[place:place] = data[place : place + chance.choice((2, 30, 200))]
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


def stream(chance):
    """What one attacker sends in the place of a handshake."""
    way = chance.randrange(8)
    if way == 0:
        return chance.randbytes(chance.choice((1, 4, 5, 6, 100, 20_000)))
    if way == 1:
        return chance.choice(PLAIN)
    if way == 2:
        # Longer than a record may be, said or real.
        content = chance.randbytes(chance.choice((0, 10, 16_384, 16_385, 40_000)))
        return record(chance, content, HANDSHAKE, chance.choice((16_384, 16_385, 18_433, 65_535)))
    if way == 3:
        # A handshake message that is announced as huge, in records of a byte.
        message = struct.pack(">I", 1 << 24 | 0xFFFFFF)
        return b"".join(record(chance, bytes([byte]), HANDSHAKE) for byte in message + bytes(300))
    if way == 4:
        return record(chance, b"", HANDSHAKE) * 2000
    if way == 5:
        # The hello in records of a few bytes each.
        whole = hello(chance)[5:]
        step = chance.choice((1, 2, 7))
        return b"".join(record(chance, whole[i : i + step], HANDSHAKE) for i in range(0, len(whole), step))
    if way == 6:
        return hello(chance) * chance.choice((2, 30))
    return mutated(chance, hello(chance))


def leave(client, chance):
    try:
        if chance.random() < 0.5:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
    except OSError:
        pass


def break_handshake(port, chance):
    """Sends something in the place of a handshake, whole or cut, and leaves in some way at some moment."""
    client = socket.create_connection((HOST, port), timeout=5)
    try:
        sent = stream(chance)
        if chance.random() < 0.3:
            sent = sent[: chance.randint(0, len(sent))]
        step = chance.choice((1, 3, 100, 1 << 20))
        for i in range(0, min(len(sent), 200 * step), step):
            client.sendall(sent[i : i + step])
        client.settimeout(chance.choice((0.001, 0.02, 0.2)))
        client.recv(1 << 16)
        if chance.random() < 0.3:
            client.sendall(record(chance, chance.randbytes(chance.choice((1, 40, 16_000)))))
            client.recv(1 << 16)
    except OSError:
        pass
    finally:
        leave(client, chance)


def break_records(port, chance):
    """Finishes a handshake, and then sends what no key has made, beside requests or in the middle of them."""
    plain = socket.create_connection((HOST, port), timeout=20)
    raw = plain.dup()
    try:
        version = chance.choice((ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
        client = trusting(version).wrap_socket(plain)
        try:
            for _ in range(chance.randrange(3)):
                client.sendall(b"mg attacker v\r\nmn\r\n" * chance.choice((1, 50)))
            for _ in range(chance.choice((1, 1, 100))):
                raw.sendall(record(chance, chance.randbytes(chance.choice((0, 1, 17, 500, 16_384)))))
            client.settimeout(0.05)
            client.recv(1 << 16)
        finally:
            leave(client, chance)
    except OSError:
        pass
    finally:
        leave(raw, chance)


def ask_for_new_keys(port, chance):
    """Has OpenSSL ask for new keys, or for a new handshake, as fast as it can."""
    letter, version = chance.choice(((b"K\n", "-tls1_3"), (b"k\n", "-tls1_3"), (b"R\n", "-tls1_2")))
    command = ["openssl", "s_client", version, "-connect", f"{HOST}:{port}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, bufsize=0
    ) as client:
        try:
            for _ in range(300):
                client.stdin.write(letter)
                time.sleep(0.001)
        except OSError:
            pass
        finally:
            client.kill()


class SlowHandshake:
    """A handshake of which a byte comes now and then. The proxy has to end it."""

    def __init__(self, port, chance):
        self.left = hello(chance)
        self.socket = socket.create_connection((HOST, port), timeout=5)
        self.socket.setblocking(False)
        self.began = time.monotonic()
        self.next = 0
        self.silent = chance.random() < 0.3

    def turn(self, outcome):
        """Returns whether it goes on."""
        now = time.monotonic()
        try:
            if not self.silent and now >= self.next and len(self.left) > 1:
                self.socket.send(self.left[:1])
                self.left = self.left[1:]
                self.next = now + 0.1
            if self.socket.recv(100) == b"":
                self.socket.close()
                return False
        except BlockingIOError:
            pass
        except OSError:
            self.socket.close()
            return False
        if now - self.began > CLOSED_WITHIN_SECONDS:
            outcome.faults += 1
            outcome.told.append(f"a handshake that did not end was still there after {CLOSED_WITHIN_SECONDS} s")
            self.socket.close()
            return False
        return True


def attack(port, seed, name, stopping):
    chance = victims.chance_of(seed, "handshakes", name)
    outcome = Outcome()
    slow = []
    while not stopping(outcome.attacks) or slow:
        slow = [each for each in slow if each.turn(outcome)]
        if stopping(outcome.attacks):
            time.sleep(0.05)
            continue
        try:
            if len(slow) < SLOW_CONNECTIONS:
                slow.append(SlowHandshake(port, chance))
            dice = chance.random()
            if dice < 0.02:
                ask_for_new_keys(port, chance)
            elif dice < 0.3:
                break_records(port, chance)
            else:
                break_handshake(port, chance)
            outcome.attacks += 1
        except OSError:
            # All places are taken: then nobody is let in at the end, either, and that is told.
            time.sleep(0.05)
    return outcome


class EncryptedWorker(victims.Worker):
    """A victim that speaks TLS."""

    def connect(self):
        super().connect()
        self.socket = trusting().wrap_socket(self.socket)


def victimise(target, encrypted, dialect, seed, stopping):
    served = []
    for kind, port in ((victims.Worker, target.port), (EncryptedWorker, encrypted)):
        for i in range(VICTIMS):
            number = len(served)
            own = victims.tag(seed, number)
            chance = victims.chance_of(seed, "victim", number)
            served.append(kind(f"{kind.__name__} {i}", port, own, dialect, b"v%d" % number, chance))
    for victim in served:
        victim.look_closer = target.look_closer
    victims.serve(served, stopping, pause=0.01)
    return Outcome.of(served)


def run(options, transport, server, directory, seconds, say):
    """What was wrong, one line each."""
    chain, key = certificate(directory)
    encrypted = free_port()
    words = f"ssl_chain_cert={chain},ssl_key={key},ssl_handshake_timeout={HANDSHAKE_LIMIT_SECONDS}"
    target = Target(
        options,
        transport,
        CONFIGURATION.format(port=server.port),
        directory,
        WORKERS,
        listen=f"notls:{HOST}",
        more=["-Z", "-o", words, "-l", f"{HOST}:{encrypted}"],
    )
    try:
        crew = Crew()
        for i in range(ATTACKER_PROCESSES):
            crew.start(f"attackers {i}", attack, encrypted, options.seed, i)
        crew.start("victims", victimise, target, encrypted, victims.Dialect(server.port), options.seed)
        outcome = crew.join(time.monotonic() + seconds)
        wrong = []
        if outcome.faults:
            wrong.append(f"{outcome.wrong} wrong answers to victims, {outcome.errors} errors, {outcome.lost} lost")
            wrong += [f"  {told}" for told in outcome.told[:6]]
        wrong += target.wrong_at_rest()
        say(f"{outcome.answers} answers to victims, {outcome.late} late, {outcome.attacks} attacks")
        return wrong
    finally:
        target.stop()
