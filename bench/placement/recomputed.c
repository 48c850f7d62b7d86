/* Places keys as mcrouter and Thanos do, for which no library can be asked: an implementation of its own, written from
 * the descriptions in docs/placement.md, for checking that of memroute. See README.md.
 *
 * gcc -O2 -o recomputed recomputed.c -lm
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define LONGEST_LINE (1 << 20)
#define LONGEST_KEY 1024
#define MOST_SERVERS 1024

static struct { unsigned char bytes[LONGEST_KEY]; size_t length; } *keys;
static size_t key_count;

static struct { char tag[512]; double weight; } servers[MOST_SERVERS];
static uint32_t server_count;

static uint64_t little_endian(const unsigned char *at, size_t length) {
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        word |= (uint64_t) at[i] << (8 * i);
    }
    return word;
}

/* MurmurHash64A. */
static uint64_t murmur(const unsigned char *bytes, size_t length, uint64_t seed) {
    const uint64_t m = 0xc6a4a7935bd1e995;
    uint64_t h = seed ^ (length * m);
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t k = little_endian(bytes + i, 8);
        k *= m;
        k ^= k >> 47;
        k *= m;
        h ^= k;
        h *= m;
    }
    if (i < length) {
        h ^= little_endian(bytes + i, length - i);
        h *= m;
    }
    h ^= h >> 47;
    h *= m;
    h ^= h >> 47;
    return h;
}

/* Bits that are made as they are asked for: at most tries times depth times stride. */
static uint64_t blocks[1024];
static uint32_t blocks_made;

static int bit(uint32_t at) {
    for (; blocks_made <= at / 64; blocks_made++) {
        unsigned char before[8];
        for (int i = 0; i < 8; i++) {
            before[i] = blocks[blocks_made - 1] >> (8 * i);
        }
        blocks[blocks_made] = murmur(before, 8, 4193360111);
    }
    return blocks[at / 64] >> (at % 64) & 1;
}

static uint32_t ch3(const unsigned char *key, size_t length, uint32_t n) {
    if (n <= 1) {
        return 0;
    }
    blocks[0] = murmur(key, length, 4193360111);
    blocks_made = 1;
    uint32_t d = 0;
    while ((1u << d) < n) {
        d++;
    }
    uint32_t a = d;
    for (int tries = 0; tries < 32; tries++) {
        while (!bit(a)) {
            if (--d == 0) {
                return 0;
            }
            a = d;
        }
        a += 23;
        uint32_t num = 1;
        for (uint32_t i = 1; i < d; i++) {
            num = num << 1 | bit(a);
            a += 23;
        }
        if (num < n) {
            return num;
        }
    }
    return 0;
}

static uint64_t rotate(uint64_t x, int by) {
    return x << by | x >> (64 - by);
}

/* SpookyHash V2, the lower 32 bits. */
static uint32_t spooky(const unsigned char *key, size_t length, uint64_t seed) {
    static const int mix[] = {50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36};
    static const int end[] = {15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63};
    static const int long_mix[] = {11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46};
    static const int long_end[] = {44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54};
    const uint64_t fill = 0xdeadbeefdeadbeef;
    uint64_t h[12];
    if (length < 192) {
        h[0] = h[1] = seed;
        h[2] = h[3] = fill;
        size_t at = 0;
        while (length - at >= 16) {
            h[2] += little_endian(key + at, 8);
            h[3] += little_endian(key + at + 8, 8);
            for (int i = 0; i < 12; i++) {
                uint64_t *x = &h[(2 + i) % 4], *next = &h[(3 + i) % 4], *second = &h[i % 4];
                *x = rotate(*x, mix[i]);
                *x += *next;
                *second ^= *x;
            }
            if (length - at < 32) {
                at += 16;
                break;
            }
            h[0] += little_endian(key + at + 16, 8);
            h[1] += little_endian(key + at + 24, 8);
            at += 32;
        }
        size_t left = length - at;
        h[3] += (uint64_t) length << 56;
        if (left == 0) {
            h[2] += fill;
            h[3] += fill;
        } else {
            h[2] += little_endian(key + at, left < 8 ? left : 8);
            h[3] += left > 8 ? little_endian(key + at + 8, left - 8) : 0;
        }
        for (int i = 0; i < 11; i++) {
            uint64_t *x = &h[(2 + i) % 4], *next = &h[(3 + i) % 4];
            *next ^= *x;
            *x = rotate(*x, end[i]);
            *next += *x;
        }
        return (uint32_t) h[0];
    }
    for (int i = 0; i < 12; i++) {
        h[i] = i % 3 == 2 ? fill : seed;
    }
    size_t at = 0;
    for (; length - at >= 96; at += 96) {
        for (int i = 0; i < 12; i++) {
            h[i] += little_endian(key + at + 8 * i, 8);
            h[(i + 2) % 12] ^= h[(i + 10) % 12];
            h[(i + 11) % 12] ^= h[i];
            h[i] = rotate(h[i], long_mix[i]);
            h[(i + 11) % 12] += h[(i + 1) % 12];
        }
    }
    unsigned char last[96] = {0};
    memcpy(last, key + at, length - at);
    last[95] = (unsigned char) (length - at);
    for (int i = 0; i < 12; i++) {
        h[i] += little_endian(last + 8 * i, 8);
    }
    for (int i = 0; i < 36; i++) {
        h[(i + 11) % 12] += h[(i + 1) % 12];
        h[(i + 2) % 12] ^= h[(i + 11) % 12];
        h[(i + 1) % 12] = rotate(h[(i + 1) % 12], long_end[i % 12]);
    }
    return (uint32_t) h[0];
}

static uint32_t weighted_ch3(const unsigned char *key, size_t length) {
    unsigned char tried[LONGEST_KEY + 16];
    memcpy(tried, key, length);
    size_t end = length;
    uint32_t place = 0;
    for (int i = 0; i < 32; i++) {
        place = ch3(tried, end, server_count);
        if (spooky(tried, end, 0xface2014) < (uint32_t) (servers[place].weight * 4294967295.0)) {
            break;
        }
        char digits[8];
        int count = sprintf(digits, "%d", i);
        for (int j = 0; j < count; j++) {
            tried[length + j] = digits[count - 1 - j];
        }
        end = length + count;
    }
    return place;
}

static uint64_t score(const char *tag, uint64_t key_hash) {
    const uint64_t m = 0x9ddfea08eb382d69;
    uint64_t e = murmur((const unsigned char *) tag, strlen(tag), 4193360111);
    uint64_t a = (key_hash ^ e) * m;
    a ^= a >> 47;
    uint64_t b = (e ^ a) * m;
    b ^= b >> 47;
    return b * m;
}

static uint32_t rendezvous(const unsigned char *key, size_t length, int weighted) {
    uint64_t q = murmur(key, length, 2718281828);
    uint32_t winner = 0;
    double highest = -1;
    for (uint32_t i = 0; i < server_count; i++) {
        uint64_t s = score(servers[i].tag, q);
        if (weighted) {
            double u = (double) (s & ((1ull << 53) - 1)) / (double) (1ull << 53);
            double value = servers[i].weight * (1.0 / -log(u));
            if (value > highest) {
                highest = value;
                winner = i;
            }
        } else if ((double) s >= highest) {
            highest = (double) s;
            winner = i;
        }
    }
    return winner;
}

static uint32_t const_shard(const unsigned char *key, size_t length) {
    const unsigned char *first = memchr(key, ':', length);
    if (first != NULL) {
        first++;
        const unsigned char *second = memchr(first, ':', length - (first - key));
        if (second != NULL && second > first && second - first < 10) {
            uint32_t number = 0;
            const unsigned char *at = first;
            for (; at < second && *at >= '0' && *at <= '9'; at++) {
                number = 10 * number + (*at - '0');
            }
            if (at == second && number < server_count) {
                return number;
            }
        }
    }
    return ch3(key, length, server_count);
}

static uint32_t jump(uint64_t hash, int32_t n) {
    int64_t b = -1, j = 0;
    while (j < n) {
        b = j;
        hash = hash * 2862933555777941757ull + 1;
        j = (int64_t) ((double) (b + 1) * ((double) (1ll << 31) / (double) ((hash >> 33) + 1)));
    }
    return (uint32_t) b;
}

static uint32_t place(const char *scheme, const unsigned char *key, size_t length) {
    if (strcmp(scheme, "mcrouter-ch3") == 0) {
        return ch3(key, length, server_count);
    }
    if (strcmp(scheme, "mcrouter-crc32") == 0) {
        uint32_t crc = 0xffffffff;
        for (size_t i = 0; i < length; i++) {
            crc ^= key[i];
            for (int b = 0; b < 8; b++) {
                crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
            }
        }
        return (~crc & 0x7fffffff) % server_count;
    }
    if (strcmp(scheme, "mcrouter-weighted-ch3") == 0) {
        return server_count == 1 ? 0 : weighted_ch3(key, length);
    }
    if (strcmp(scheme, "mcrouter-const-shard") == 0) {
        return const_shard(key, length);
    }
    if (strcmp(scheme, "thanos") == 0) {
        return jump(XXH64(key, length, 0), (int32_t) server_count);
    }
    return rendezvous(key, length, strcmp(scheme, "mcrouter-weighted-rendezvous") == 0);
}

static void read_keys(const char *path) {
    static char line[LONGEST_LINE];
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        perror(path);
        exit(1);
    }
    keys = malloc((1 << 20) * sizeof *keys);
    while (fgets(line, sizeof line, in) != NULL) {
        size_t length = strcspn(line, "\n") / 2;
        for (size_t i = 0; i < length; i++) {
            unsigned int byte;
            sscanf(line + 2 * i, "%2x", &byte);
            keys[key_count].bytes[i] = (unsigned char) byte;
        }
        keys[key_count++].length = length;
    }
    fclose(in);
}

int main(int argc, char **argv) {
    static char line[LONGEST_LINE];
    read_keys(argv[argc - 1]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        char *rest;
        char *scheme = strtok_r(line, "\t", &rest);
        strtok_r(NULL, "\t", &rest);
        server_count = 0;
        for (char *server; (server = strtok_r(NULL, "\t", &rest)) != NULL; server_count++) {
            char host[256], name[256] = "";
            unsigned int port;
            sscanf(server, "%255[^:]:%u:%lf:%255s", host, &port, &servers[server_count].weight, name);
            if (name[0] != 0) {
                strcpy(servers[server_count].tag, name);
            } else {
                sprintf(servers[server_count].tag, "%s:%u", host, port);
            }
        }
        for (size_t i = 0; i < key_count; i++) {
            printf(i == 0 ? "%u" : " %u", place(scheme, keys[i].bytes, keys[i].length));
        }
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
