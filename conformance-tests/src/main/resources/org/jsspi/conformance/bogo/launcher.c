/*
 * The program that BoGo's runner starts for every test: hands its arguments to the JVM that listens on the Unix socket named
 * by JSSPI_BOGO_SOCKET, and ends as that JVM says. ResidentShim has the format.
 *
 *     cc -O2 -o launcher launcher.c
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int fd, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(fd, at, length);
        if (written <= 0) fail("launcher: write");
        at += written;
        length -= (size_t)written;
    }
}

static void read_all(int fd, void *bytes, size_t length) {
    char *at = bytes;
    while (length > 0) {
        ssize_t count = read(fd, at, length);
        if (count <= 0) fail("launcher: read");
        at += count;
        length -= (size_t)count;
    }
}

static void write_number(int fd, uint32_t number) {
    uint32_t encoded = htonl(number);
    write_all(fd, &encoded, sizeof encoded);
}

static uint32_t read_number(int fd) {
    uint32_t encoded;
    read_all(fd, &encoded, sizeof encoded);
    return ntohl(encoded);
}

/* Passes on what the JVM wrote to one of the two streams. */
static void copy(int from, int to) {
    char part[4096];
    for (uint32_t left = read_number(from); left > 0;) {
        size_t length = left < sizeof part ? left : sizeof part;
        read_all(from, part, length);
        write_all(to, part, length);
        left -= (uint32_t)length;
    }
}

int main(int argc, char **argv) {
    const char *path = getenv("JSSPI_BOGO_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof address.sun_path) {
        fputs("launcher: JSSPI_BOGO_SOCKET names no socket\n", stderr);
        return 1;
    }
    strcpy(address.sun_path, path);

    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) fail("launcher: connect");

    write_number(fd, (uint32_t)(argc - 1));
    for (int i = 1; i < argc; i++) {
        size_t length = strlen(argv[i]);
        write_number(fd, (uint32_t)length);
        write_all(fd, argv[i], length);
    }

    int code = (int)read_number(fd);
    copy(fd, STDOUT_FILENO);
    copy(fd, STDERR_FILENO);
    return code;
}
