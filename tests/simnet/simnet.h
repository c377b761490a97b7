/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SIMNET_H
#define AJAR_SIMNET_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * ajar-simnet: a simulated network on loopback for tests, benches and the demo. A map
 * says which personality lives at which address; a personality is a folder of replies
 * with exact bytes. One thread, one epoll loop, Linux only. It is a test program of its
 * own and takes nothing from ajar's rooms, so that a mistake there cannot hide itself
 * here.
 *
 * What stays fixed while it serves: all replies are read and rendered before `ready`; a
 * reply without placeholders is sent from that memory with one write.
 */

#define SIMNET_MAX_REQUEST 8192 /* a longer request head is answered by closing */
#define SIMNET_MAX_RENDERED 16384
#define SIMNET_MAX_FIXTURE (4u * 1024u * 1024u)
#define SIMNET_MAX_ROUTES 96
#define SIMNET_MAX_EXACT 4096 /* addresses of one port that get a listener each */
#define SIMNET_BYTEWISE                                                                  \
    (64u * 1024u) /* after so many single bytes a reply goes on whole */

/* ---- replies ---------------------------------------------------------------------- */

/* What follows the stored bytes of a reply: a function of the offset alone, so that any
 * length costs no memory and a half-done write needs no note. */
enum source_kind
{
    SOURCE_NONE,
    SOURCE_INDEX_LIST,
    SOURCE_DEEP_JSON,
    SOURCE_HEADERS, /* header lines without end */
    SOURCE_BODY,    /* body bytes without end */
    SOURCE_CHUNKS,  /* chunks without end */
    SOURCE_INTERIM, /* "100 Continue" without end */
    SOURCE_GARBAGE
};

enum reply_action
{
    ACTION_SEND,  /* stored bytes, then the source */
    ACTION_STALL, /* never answer */
    ACTION_RESET, /* RST */
    ACTION_CLOSE  /* close without a byte */
};

struct reply
{
    char *bytes; /* owned */
    size_t length;
    size_t head_length; /* up to and with the empty line; 0: not HTTP */
    uint64_t source_length;
    uint64_t source_param;
    enum source_kind source;
    enum reply_action action;
    unsigned status;
    bool has_placeholders;
    bool computes_length; /* "Content-Length: @" */
    bool closes;          /* the connection ends after it */
};

/* A text that changes by request, for placeholders. */
struct request
{
    const char *target; /* as sent: path and query */
    size_t target_length;
    char path[1024]; /* decoded, without the query */
    size_t path_length;
    const char *query;
    size_t query_length;
    const char *unknown; /* the first parameter that a route does not know */
    size_t unknown_length;
    bool is_get;
    bool has_credentials;
    bool has_body;
    bool wants_close;
};

struct route
{
    char *pattern; /* owned; NULL for the special ones */
    char *params;  /* owned, comma-separated; NULL: any */
    struct reply reply;
    uint64_t cut; /* send so many bytes, then close; UINT64_MAX: all */
    uint32_t delay_ms;
    bool drips;
};

struct personality
{
    char name[160]; /* "elasticsearch/5.6.16-open" */
    struct route routes[SIMNET_MAX_ROUTES];
    size_t route_count;
    struct route *fallback;   /* any other path */
    struct route *on_connect; /* NULL: waits for a request */
    struct route *on_plain;   /* plain bytes on a TLS port; NULL: closes without a byte */
    struct route *on_tls;     /* a ClientHello on a plain port; NULL the same */
    struct personality *next;
};

/* Loads DIR/NAME/routes and all that it names; says what is wrong and returns NULL. */
struct personality *personality_load(const char *dir, const char *name);
void personality_free(struct personality *all);
/* The first route that fits; sets request->unknown where a parameter list said no. */
const struct route *personality_route(const struct personality *p,
                                      struct request *request);

/* Reads "FILE" or "!builtin" into *out; an error text or NULL. */
const char *reply_load(const char *folder, const char *what, struct reply *out);
void reply_free(struct reply *reply);
/* A reply with its placeholders filled; 0 when it does not fit. */
size_t reply_render(const struct reply *reply, const struct request *request,
                    const struct in_addr *address, char *out, size_t capacity);

/* "!name" or "!name=N" into *out; an error text or NULL. */
const char *builtin_reply(const char *name, struct reply *out);
/* Up to capacity bytes of the source from offset on. */
size_t source_read(enum source_kind kind, uint64_t param, uint64_t offset,
                   uint64_t length, char *out, size_t capacity);

/* ---- the map ---------------------------------------------------------------------- */

enum pace
{
    PACE_WHOLE,
    PACE_BYTES, /* one byte a write */
    PACE_SPLIT, /* the first split_at bytes, a pause, the rest */
    PACE_DRIP   /* one byte each 100 ms */
};

struct place
{
    uint32_t first; /* host byte order; 0 with is_v6 */
    uint32_t last;
    bool is_v6; /* ::1 */
    uint16_t port;
    uint16_t bound_port;
    struct personality *personality;
    enum pace pace;
    size_t split_at;
    uint32_t delay_ms;
    bool tls;
    bool closes; /* after each reply */
};

struct map
{
    struct place *places; /* owned; narrow ones before wide ones */
    size_t count;
    struct personality *personalities; /* owned */
    bool has_tls;
};

int map_load(const char *file, const char *fixtures, struct map *out);
void map_free(struct map *map);
/* Who lives there; NULL: nobody. */
const struct place *map_find(const struct map *map, uint32_t address,
                             uint16_t bound_port);

/* ---- counting --------------------------------------------------------------------- */

struct tally;
struct counter;
struct counter *counter_new(void);
void counter_free(struct counter *counter);
/* The tally of one address and port; NULL when memory is out. */
struct tally *counter_tally(struct counter *counter, const struct place *place,
                            uint32_t address);
void tally_connection(struct tally *tally, bool tls);
void tally_request(struct counter *counter, struct tally *tally, const char *head,
                   size_t head_length, const struct request *request, unsigned status);
/* One JSON object a line; -1 when the file cannot be written. */
int counter_write(const struct counter *counter, const char *file);

/* ---- the loop --------------------------------------------------------------------- */

struct conn;

/* One of each per process, made by main and handed on. */
struct server
{
    int epoll;
    struct map map;
    struct counter *counter; /* NULL: nobody counts */
    SSL_CTX *tls;
    struct conn *free_conns;
    struct conn *timed; /* those that wait for a moment */
    void *slabs;
    uint64_t now_ms;
    uint64_t served;
    char scratch[65536];
};

/* The first field of all that epoll points to. */
enum watch_kind
{
    WATCH_LISTENER,
    WATCH_CONN,
    WATCH_SIGNAL,
    WATCH_STDIN
};

struct listener
{
    enum watch_kind kind;
    int fd;
    uint16_t port;
    uint32_t host;             /* host byte order; of the wildcard 0 */
    const struct place *place; /* NULL: by destination address */
    struct listener *next;
};

int listeners_open(struct server *server, struct listener **out);
void listeners_close(struct listener *all);

void conn_accept(struct server *server, const struct listener *listener);
void conn_ready(struct server *server, struct conn *conn, uint32_t events);
/* Those whose moment has come. */
void conn_tick(struct server *server);
void conn_close_all(struct server *server);

/* A context with a certificate made on the spot; NULL when OpenSSL refuses. */
SSL_CTX *tls_context(void);

/* ---- words ------------------------------------------------------------------------ */

/* To standard error or output, one line. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The whole of a file, NUL-terminated, at most SIMNET_MAX_FIXTURE; NULL when unreadable.
 */
char *file_read(const char *path, size_t *out_length);
/* Strict decimal, the whole text; false otherwise. */
bool number_parse(const char *text, uint64_t max, uint64_t *out);

#endif
