/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_NET_CLIENT_H
#define AJAR_TESTS_NET_CLIENT_H

#include "ajar/net.h"

/* A loop, a net and a scope that owns loopback; ends with every handle closed. */
struct lab
{
    uv_loop_t loop;
    struct ajar_net *net;
    struct ajar_scope *scope;
    struct ajar_diags diags;
    uv_timer_t patience; /* a test that hangs fails instead */
};

void lab_init(struct lab *lab);
void lab_deinit(struct lab *lab);

/* When a client closes by itself, besides at the end. */
enum client_close
{
    CLIENT_CLOSE_AFTER_END,
    CLIENT_CLOSE_AT_ONCE,   /* right after the dial */
    CLIENT_CLOSE_ON_OPENED, /* in that callback */
    CLIENT_CLOSE_ON_DATA,
    CLIENT_CLOSE_ON_ENOUGH, /* when `enough` bytes came */
    CLIENT_CLOSE_LATER      /* after `ended`, from another callback of the loop */
};

/* One link and all that was told about it, checked against the contract's order. */
struct client
{
    struct ajar_link link;
    struct lab *lab;
    struct ajar_permit *permit;
    enum client_close close_when;
    size_t enough;
    struct ajar_span to_send; /* on opened */
    uv_idle_t later;
    bool has_later;
    bool in_call; /* into the room: nothing may be told now */
    unsigned opened;
    unsigned ended;
    unsigned closed;
    enum ajar_link_end why;
    struct ajar_buf data;
    /* Copies of the facts as they were when the link was over. */
    bool has_facts;
    char version[12];
    char sha256[65];
    char not_after[21];
    char subject[300];
    char issuer[300];
    char names[AJAR_MAX_TLS_NAMES][300];
    size_t name_count;
};

void client_init(struct client *client, struct lab *lab, const char *addr, uint16_t port);
void client_deinit(struct client *client);
int client_dial(struct client *client, bool tls, const char *name,
                enum ajar_link_end *out_why);
/* Dials and runs the loop until the link is closed. */
void client_run(struct client *client, bool tls, const char *name);
void client_close(struct client *client);
void lab_run(struct lab *lab);

/* What the wrapped libuv calls do: 0 and SIZE_MAX leave them alone. */
extern int fake_connect_error;
extern size_t fake_write_most; /* bytes that a write takes at most; 0: EAGAIN */
extern int fake_write_error;

#endif
