/* A thread that flushes, and numbered requests to it: a flush answers all that were made before it began. One
 * mutex protects what both threads use, and is not held while the disk is busy. With a proxy, requests go to
 * another process instead. While a flush is waited for, `serve` is called often.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "flusher.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "bytes.h"

enum { SERVE_NS = 1000 * 1000 };

struct ms_flusher {
    int descriptor;
    pthread_t thread;
    bool has_thread;
    const struct ms_writer_proxy *proxy; /* NULL if there is none */
    void (*serve)(void *context);        /* NULL if there is nothing to do while waiting */
    void *context;

    pthread_mutex_t mutex; /* protects the fields below */
    pthread_cond_t changed;
    uint64_t asked, done; /* the latest tickets */
    int cause;            /* errno of the first flush that failed; 0 if none has */
    bool closing;
};

/* The thread. When a flush ends, all requests made before it began are done. */
static void *flush(void *context)
{
    struct ms_flusher *flusher = context;

    (void)pthread_mutex_lock(&flusher->mutex);
    for (;;) {
        uint64_t ticket;
        int cause;

        while (!flusher->closing && flusher->done == flusher->asked)
            (void)pthread_cond_wait(&flusher->changed, &flusher->mutex);
        if (flusher->closing)
            break;
        ticket = flusher->asked;
        (void)pthread_mutex_unlock(&flusher->mutex);
        cause = ms_bytes_sync(flusher->descriptor);
        (void)pthread_mutex_lock(&flusher->mutex);
        if (flusher->cause == 0)
            flusher->cause = cause;
        flusher->done = ticket;
        (void)pthread_cond_broadcast(&flusher->changed);
    }
    (void)pthread_mutex_unlock(&flusher->mutex);
    return NULL;
}

/* Starts the thread with all signals blocked, so that the main thread handles them. */
static bool start_thread(struct ms_flusher *flusher)
{
    sigset_t all, before;
    bool is_started;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    is_started = pthread_create(&flusher->thread, NULL, flush, flusher) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

bool ms_flusher_open(int descriptor, struct ms_flusher **flusher)
{
    struct ms_flusher *opened = calloc(1, sizeof *opened);

    if (opened == NULL)
        return false;
    opened->descriptor = descriptor;
    (void)pthread_mutex_init(&opened->mutex, NULL);
    (void)pthread_cond_init(&opened->changed, NULL);
    opened->has_thread = start_thread(opened);
    *flusher = opened;
    return true;
}

void ms_flusher_close(struct ms_flusher *flusher)
{
    if (flusher == NULL)
        return;
    if (flusher->has_thread) {
        (void)pthread_mutex_lock(&flusher->mutex);
        flusher->closing = true;
        (void)pthread_cond_broadcast(&flusher->changed);
        (void)pthread_mutex_unlock(&flusher->mutex);
        (void)pthread_join(flusher->thread, NULL);
    }
    (void)pthread_cond_destroy(&flusher->changed);
    (void)pthread_mutex_destroy(&flusher->mutex);
    free(flusher);
}

void ms_flusher_use_proxy(struct ms_flusher *flusher, const struct ms_writer_proxy *proxy)
{
    flusher->proxy = proxy;
}

void ms_flusher_while_waiting(struct ms_flusher *flusher, void (*serve)(void *context), void *context)
{
    flusher->serve = serve;
    flusher->context = context;
}

uint64_t ms_flusher_ask(struct ms_flusher *flusher)
{
    uint64_t ticket;

    if (flusher->proxy != NULL)
        return flusher->proxy->ask_flush(flusher->proxy->context);
    (void)pthread_mutex_lock(&flusher->mutex);
    ticket = ++flusher->asked;
    (void)pthread_cond_broadcast(&flusher->changed);
    (void)pthread_mutex_unlock(&flusher->mutex);
    if (!flusher->has_thread) {
        if (flusher->cause == 0)
            flusher->cause = ms_bytes_sync(flusher->descriptor);
        flusher->done = ticket;
    }
    return ticket;
}

int ms_flusher_state(struct ms_flusher *flusher, uint64_t ticket, bool *is_done)
{
    int cause;

    if (flusher->proxy != NULL)
        return flusher->proxy->flush_state(flusher->proxy->context, ticket, is_done);
    (void)pthread_mutex_lock(&flusher->mutex);
    *is_done = flusher->done >= ticket;
    cause = flusher->cause;
    (void)pthread_mutex_unlock(&flusher->mutex);
    return cause;
}

/* Waits for a change, but no longer than SERVE_NS. */
static void wait_a_little(struct ms_flusher *flusher)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += SERVE_NS;
    if (until.tv_nsec >= 1000 * 1000 * 1000) {
        until.tv_nsec -= 1000 * 1000 * 1000;
        until.tv_sec++;
    }
    (void)pthread_cond_timedwait(&flusher->changed, &flusher->mutex, &until);
}

/* Polls for the answer of the other process, which comes when that process next checks its messages
 * between iterations. */
static int wait_for_proxy(struct ms_flusher *flusher, uint64_t ticket)
{
    const struct timespec pause = {.tv_nsec = SERVE_NS / 4};
    bool is_done = false;
    int cause = ms_flusher_state(flusher, ticket, &is_done);

    while (!is_done) {
        (void)nanosleep(&pause, NULL);
        if (flusher->serve != NULL)
            flusher->serve(flusher->context);
        cause = ms_flusher_state(flusher, ticket, &is_done);
    }
    return cause;
}

int ms_flusher_wait(struct ms_flusher *flusher, uint64_t ticket)
{
    int cause;

    if (flusher->proxy != NULL)
        return wait_for_proxy(flusher, ticket);
    (void)pthread_mutex_lock(&flusher->mutex);
    while (flusher->done < ticket) {
        if (flusher->serve == NULL) {
            (void)pthread_cond_wait(&flusher->changed, &flusher->mutex);
            continue;
        }
        wait_a_little(flusher);
        (void)pthread_mutex_unlock(&flusher->mutex);
        flusher->serve(flusher->context);
        (void)pthread_mutex_lock(&flusher->mutex);
    }
    cause = flusher->cause;
    (void)pthread_mutex_unlock(&flusher->mutex);
    return cause;
}
