/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define LAB_PATIENCE_MS 20000
#define CLIENT_MAX_DATA (32u * 1024u * 1024u)

int fake_connect_error;
size_t fake_write_most = SIZE_MAX;
int fake_write_error;

int __real_uv_tcp_connect(uv_connect_t *request, uv_tcp_t *handle,
                          const struct sockaddr *addr, uv_connect_cb callback);
int __wrap_uv_tcp_connect(uv_connect_t *request, uv_tcp_t *handle,
                          const struct sockaddr *addr, uv_connect_cb callback);
int __real_uv_try_write(uv_stream_t *handle, const uv_buf_t bufs[], unsigned count);
int __wrap_uv_try_write(uv_stream_t *handle, const uv_buf_t bufs[], unsigned count);

int __wrap_uv_tcp_connect(uv_connect_t *request, uv_tcp_t *handle,
                          const struct sockaddr *addr, uv_connect_cb callback)
{
    return fake_connect_error != 0
               ? fake_connect_error
               : __real_uv_tcp_connect(request, handle, addr, callback);
}

int __wrap_uv_try_write(uv_stream_t *handle, const uv_buf_t bufs[], unsigned count)
{
    if (fake_write_error != 0)
    {
        return fake_write_error;
    }
    if (fake_write_most == 0)
    {
        return UV_EAGAIN;
    }
    uv_buf_t buf = bufs[0];
    buf.len = buf.len < fake_write_most ? buf.len : fake_write_most;
    return __real_uv_try_write(handle, &buf, count);
}

static void on_patience(uv_timer_t *timer)
{
    (void)timer;
    cr_assert_fail("the loop did not come to its end");
}

void lab_init(struct lab *lab)
{
    memset(lab, 0, sizeof(*lab));
    /* The program ignores it (app); libuv's writes would raise it. */
    (void)signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(uv_loop_init(&lab->loop), 0);
    cr_assert_eq(ajar_net_new(&lab->loop, &lab->net), AJAR_OK);
    cr_assert_eq(ajar_scope_load(NULL, 0, 0, &lab->diags, &lab->scope), AJAR_OK);
    cr_assert_eq(uv_timer_init(&lab->loop, &lab->patience), 0);
    cr_assert_eq(uv_timer_start(&lab->patience, on_patience, LAB_PATIENCE_MS, 0), 0);
    uv_unref((uv_handle_t *)&lab->patience);
}

void lab_run(struct lab *lab)
{
    cr_assert_eq(uv_run(&lab->loop, UV_RUN_DEFAULT), 0);
}

void lab_deinit(struct lab *lab)
{
    uv_close((uv_handle_t *)&lab->patience, NULL);
    lab_run(lab);
    ajar_net_free(lab->net);
    ajar_scope_free(lab->scope);
    ajar_diags_deinit(&lab->diags);
    cr_assert_eq(uv_loop_close(&lab->loop), 0, "a handle is still open");
}

static void copy_text(char *out, size_t size, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    cr_assert_lt(len, size);
    memcpy(out, text == NULL ? "" : text, len + 1);
}

static void copy_facts(struct client *client)
{
    const struct ajar_tls_facts *facts = ajar_link_tls_facts(&client->link);
    if (facts == NULL)
    {
        return;
    }
    client->has_facts = true;
    copy_text(client->version, sizeof(client->version), facts->version);
    copy_text(client->sha256, sizeof(client->sha256), facts->sha256);
    copy_text(client->not_after, sizeof(client->not_after), facts->not_after);
    copy_text(client->subject, sizeof(client->subject), facts->subject);
    copy_text(client->issuer, sizeof(client->issuer), facts->issuer);
    client->name_count = facts->name_count;
    for (size_t i = 0; i < facts->name_count; i++)
    {
        copy_text(client->names[i], sizeof(client->names[i]), facts->names[i]);
    }
}

void client_close(struct client *client)
{
    copy_facts(client);
    client->in_call = true;
    ajar_link_close(&client->link);
    ajar_link_close(&client->link); /* more than once is fine */
    client->in_call = false;
}

static void on_opened(struct ajar_link *link)
{
    struct client *client = link->user;
    cr_assert_not(client->in_call);
    cr_assert_eq(client->opened++, 0);
    cr_assert_eq(client->ended + client->closed, 0);
    if (client->close_when == CLIENT_CLOSE_ON_OPENED)
    {
        client_close(client);
        return;
    }
    if (client->to_send.len > 0)
    {
        client->in_call = true;
        cr_assert_eq(ajar_link_send(link, client->to_send), AJAR_OK);
        client->in_call = false;
    }
}

static void on_data(struct ajar_link *link, struct ajar_span bytes)
{
    struct client *client = link->user;
    cr_assert_not(client->in_call);
    cr_assert_eq(client->opened, 1);
    cr_assert_eq(client->ended + client->closed, 0);
    cr_assert_not(link->closing, "data after close");
    cr_assert_gt(bytes.len, 0);
    cr_assert_eq(ajar_buf_append(&client->data, bytes.data, bytes.len), AJAR_OK);
    if (client->close_when == CLIENT_CLOSE_ON_DATA ||
        (client->close_when == CLIENT_CLOSE_ON_ENOUGH &&
         client->data.len >= client->enough))
    {
        client_close(client);
    }
}

static void on_later_closed(uv_handle_t *handle)
{
    ((struct client *)handle->data)->has_later = false;
}

static void on_later(uv_idle_t *idle)
{
    struct client *client = idle->data;
    uv_close((uv_handle_t *)idle, on_later_closed);
    client_close(client);
}

static void on_ended(struct ajar_link *link, enum ajar_link_end why)
{
    struct client *client = link->user;
    cr_assert_not(client->in_call);
    cr_assert_eq(client->ended++, 0);
    cr_assert_eq(client->closed, 0);
    cr_assert_not(link->closing, "an end after close");
    client->why = why;
    cr_assert_eq(ajar_link_send(link, ajar_span_of("x")), AJAR_ESTATE);
    if (client->close_when != CLIENT_CLOSE_LATER)
    {
        client_close(client);
        return;
    }
    client->has_later = true;
    client->later.data = client;
    cr_assert_eq(uv_idle_init(&client->lab->loop, &client->later), 0);
    cr_assert_eq(uv_idle_start(&client->later, on_later), 0);
}

static void on_closed(struct ajar_link *link)
{
    struct client *client = link->user;
    cr_assert_not(client->in_call);
    cr_assert_eq(client->closed++, 0);
    /* The memory may be reused from here on. */
    memset(link, 0xA5, sizeof(*link));
    link->user = client;
}

static const struct ajar_link_events client_events = {
    .opened = on_opened, .data = on_data, .ended = on_ended, .closed = on_closed};

void client_init(struct client *client, struct lab *lab, const char *addr, uint16_t port)
{
    memset(client, 0, sizeof(*client));
    struct ajar_addr parsed;
    client->lab = lab;
    ajar_buf_init(&client->data, CLIENT_MAX_DATA);
    cr_assert_eq(ajar_addr_parse(ajar_span_of(addr), &parsed), AJAR_OK);
    cr_assert_eq(ajar_scope_permit(lab->scope, &parsed, port, &client->permit), AJAR_OK);
    memset(&client->link, 0x5A, sizeof(client->link)); /* dial sets all but user */
    client->link.user = client;
}

void client_deinit(struct client *client)
{
    cr_assert_not(client->has_later);
    ajar_buf_deinit(&client->data);
    ajar_permit_release(client->permit);
}

int client_dial(struct client *client, bool tls, const char *name,
                enum ajar_link_end *out_why)
{
    client->in_call = true;
    int status = ajar_link_dial(client->lab->net, &client->link, client->permit, tls,
                                name, &client_events, out_why);
    client->in_call = false;
    if (status == AJAR_OK && client->close_when == CLIENT_CLOSE_AT_ONCE)
    {
        client_close(client);
    }
    return status;
}

void client_run(struct client *client, bool tls, const char *name)
{
    enum ajar_link_end why = AJAR_LINK_EOF;
    cr_assert_eq(client_dial(client, tls, name, &why), AJAR_OK);
    lab_run(client->lab);
    cr_assert_eq(client->closed, 1);
}
