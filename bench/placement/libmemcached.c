/* Asks libmemcached where keys go: see README.md.
 *
 * gcc -O2 -o libmemcached libmemcached.c -lmemcached
 */
#include <libmemcached/memcached.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE (1 << 20)

static struct { const char *name; memcached_hash_t hash; } hashes[] = {
    {"default", MEMCACHED_HASH_DEFAULT}, {"md5", MEMCACHED_HASH_MD5}, {"crc", MEMCACHED_HASH_CRC},
    {"fnv1_64", MEMCACHED_HASH_FNV1_64}, {"fnv1a_64", MEMCACHED_HASH_FNV1A_64},
    {"fnv1_32", MEMCACHED_HASH_FNV1_32}, {"fnv1a_32", MEMCACHED_HASH_FNV1A_32},
    {"hsieh", MEMCACHED_HASH_HSIEH}, {"murmur", MEMCACHED_HASH_MURMUR}, {"jenkins", MEMCACHED_HASH_JENKINS},
    {"murmur3", MEMCACHED_HASH_MURMUR3},
};

static char *keys[1 << 20];
static size_t lengths[1 << 20];
static size_t key_count;

static void must(memcached_return_t result, const char *what) {
    if (result != MEMCACHED_SUCCESS) {
        fprintf(stderr, "%s: %s\n", what, memcached_strerror(NULL, result));
        exit(1);
    }
}

static void read_keys(const char *path) {
    static char line[LONGEST_LINE];
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, in) != NULL) {
        size_t length = strcspn(line, "\n") / 2;
        char *key = malloc(length + 1);
        for (size_t i = 0; i < length; i++) {
            unsigned int byte;
            sscanf(line + 2 * i, "%2x", &byte);
            key[i] = (char) byte;
        }
        keys[key_count] = key;
        lengths[key_count++] = length;
    }
    fclose(in);
}

static void choose(memcached_st *client, const char *scheme, const char *hash) {
    if (strcmp(scheme, "libmemcached") == 0) {
        must(memcached_behavior_set(client, MEMCACHED_BEHAVIOR_DISTRIBUTION, MEMCACHED_DISTRIBUTION_MODULA), scheme);
    } else if (strcmp(scheme, "libmemcached-ketama") == 0) {
        must(memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA, 1), scheme);
    } else {
        must(memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1), scheme);
        if (strcmp(scheme, "libmemcached-ketama-spy") == 0) {
            must(memcached_behavior_set(client, MEMCACHED_BEHAVIOR_DISTRIBUTION,
                                        MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY), scheme);
        }
    }
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        if (strcmp(hashes[i].name, hash) == 0) {
            must(memcached_behavior_set(client, MEMCACHED_BEHAVIOR_HASH, hashes[i].hash), hash);
        }
    }
}

int main(int argc, char **argv) {
    static char line[LONGEST_LINE];
    read_keys(argv[argc - 1]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        char *rest;
        char *scheme = strtok_r(line, "\t", &rest);
        char *hash = strtok_r(NULL, "\t", &rest);
        memcached_st *client = memcached_create(NULL);
        choose(client, scheme, hash);
        for (char *server; (server = strtok_r(NULL, "\t", &rest)) != NULL;) {
            char host[256];
            unsigned int port, weight;
            sscanf(server, "%255[^:]:%u:%u", host, &port, &weight);
            must(memcached_server_add_with_weight(client, host, (in_port_t) port, weight), server);
        }
        for (size_t i = 0; i < key_count; i++) {
            printf(i == 0 ? "%u" : " %u", memcached_generate_hash(client, keys[i], lengths[i]));
        }
        putchar('\n');
        fflush(stdout);
        memcached_free(client);
    }
    return 0;
}
