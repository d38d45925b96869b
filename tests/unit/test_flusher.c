/* Flushes in a separate thread, with a simulated disk that takes as long as the test says.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

#include "store/run/flusher.h"
#include "unit.h"

/* The simulated disk: a flush signals that it has begun, and ends when the test permits it. */
static struct {
    sem_t begun, may_end;
    bool is_slow;             /* flushes wait for may_end */
    atomic_int cause;         /* errno with which the next flushes fail; 0: they succeed */
    atomic_int interruptions; /* number of flushes that fail with EINTR first */
    atomic_int ended;         /* number of flushes that have ended */
    bool blocks_signals;      /* whether the thread of the last flush blocks them */
} disk;

static bool no_threads;

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int fdatasync(int fd)
{
    sigset_t blocked;
    int cause;

    (void)fd;
    if (disk.interruptions > 0) {
        disk.interruptions--;
        errno = EINTR;
        return -1;
    }
    (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    disk.blocks_signals = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGUSR1);
    (void)sem_post(&disk.begun);
    while (disk.is_slow && sem_wait(&disk.may_end) != 0)
        ;
    cause = disk.cause;
    disk.ended++;
    errno = cause;
    return cause == 0 ? 0 : -1;
}

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context)
{
    union {
        void *object;
        int (*function)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    } real = {.object = dlsym(RTLD_NEXT, "pthread_create")};

    return no_threads ? EAGAIN : real.function(thread, attributes, start, context);
}

static struct ms_flusher *flusher;

static void open_flusher(void)
{
    ck_assert(ms_flusher_open(-1, &flusher));
}

static void set_up(void)
{
    (void)sem_init(&disk.begun, 0, 0);
    (void)sem_init(&disk.may_end, 0, 0);
}

static void tear_down(void)
{
    disk.is_slow = false;
    (void)sem_post(&disk.may_end);
    ms_flusher_close(flusher);
}

static bool is_done(uint64_t ticket)
{
    bool done;

    (void)ms_flusher_state(flusher, ticket, &done);
    return done;
}

static int cause_of(uint64_t ticket)
{
    bool done;

    return ms_flusher_state(flusher, ticket, &done);
}

START_TEST(a_flush_has_finished_when_the_disk_has)
{
    uint64_t ticket;

    disk.is_slow = true;
    open_flusher();
    ticket = ms_flusher_ask(flusher);
    (void)sem_wait(&disk.begun);
    ck_assert(!is_done(ticket));
    (void)sem_post(&disk.may_end);
    ck_assert_int_eq(ms_flusher_wait(flusher, ticket), 0);
    ck_assert(is_done(ticket));
    ck_assert_int_eq(disk.ended, 1);
}
END_TEST

/* A flush need not include what was written after it began. */
START_TEST(a_request_during_a_flush_takes_another_flush)
{
    uint64_t first, second, third;

    disk.is_slow = true;
    open_flusher();
    first = ms_flusher_ask(flusher);
    (void)sem_wait(&disk.begun);
    second = ms_flusher_ask(flusher);
    third = ms_flusher_ask(flusher);
    ck_assert_uint_lt(first, second);
    ck_assert_uint_lt(second, third);
    (void)sem_post(&disk.may_end);
    ck_assert_int_eq(ms_flusher_wait(flusher, first), 0);
    (void)sem_wait(&disk.begun);
    ck_assert(is_done(first));
    ck_assert(!is_done(second));
    ck_assert(!is_done(third));
    (void)sem_post(&disk.may_end);
    ck_assert_int_eq(ms_flusher_wait(flusher, third), 0); /* one flush for both */
    ck_assert(is_done(second));
    ck_assert_int_eq(disk.ended, 2);
}
END_TEST

START_TEST(ticket_0_is_always_done)
{
    disk.is_slow = true;
    open_flusher();
    ck_assert(is_done(0));
    ck_assert_int_eq(ms_flusher_wait(flusher, 0), 0);
}
END_TEST

/* _i is 1 if no thread can be created. */
START_TEST(after_a_failed_flush_all_later_ones_fail)
{
    uint64_t before, failed, after;

    no_threads = _i == 1;
    open_flusher();
    before = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, before), 0);
    disk.cause = EIO;
    failed = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, failed), EIO);
    disk.cause = 0; /* the system reports an error only once */
    after = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, after), EIO);
    ck_assert_int_eq(cause_of(after), EIO);
    disk.cause = ENOSPC;
    after = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, after), EIO); /* the first error remains */
}
END_TEST

START_TEST(an_interrupted_flush_is_repeated)
{
    no_threads = _i == 1;
    disk.interruptions = 3;
    open_flusher();
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert_int_eq(disk.ended, 1);
}
END_TEST

static int calls;

/* Ends the flush at the third call; without these calls it would never end. */
static void end_after_three_calls(void *context)
{
    ck_assert_ptr_eq(context, &calls);
    if (++calls == 3)
        (void)sem_post(&disk.may_end);
}

START_TEST(the_callback_is_called_while_waiting_for_a_flush)
{
    disk.is_slow = true;
    open_flusher();
    ms_flusher_while_waiting(flusher, end_after_three_calls, &calls);
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert_int_ge(calls, 3);
}
END_TEST

/* The callback may ask for the state of the flush: no mutex is locked while it runs. */
static void ask_and_end_after_three_calls(void *context)
{
    const uint64_t *ticket = context;

    if (!is_done(*ticket) && ++calls == 3)
        (void)sem_post(&disk.may_end);
}

START_TEST(the_callback_may_ask_for_the_state)
{
    uint64_t ticket;

    disk.is_slow = true;
    open_flusher();
    ms_flusher_while_waiting(flusher, ask_and_end_after_three_calls, &ticket);
    ticket = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, ticket), 0);
}
END_TEST

START_TEST(without_a_thread_a_request_flushes_immediately)
{
    uint64_t ticket;

    no_threads = true;
    open_flusher();
    ticket = ms_flusher_ask(flusher);
    ck_assert_int_eq(disk.ended, 1);
    ck_assert(is_done(ticket));
    ck_assert_int_eq(ms_flusher_wait(flusher, ticket), 0);
    ck_assert(!disk.blocks_signals);
}
END_TEST

/* The thread that trains handles signals; its mask is unchanged. */
START_TEST(signals_are_blocked_in_the_thread)
{
    sigset_t blocked;

    open_flusher();
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert(disk.blocks_signals);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    ck_assert(!sigismember(&blocked, SIGTERM));
}
END_TEST

static void *end_flush(void *context)
{
    (void)context;
    (void)sem_post(&disk.may_end);
    return NULL;
}

START_TEST(closing_waits_for_a_flush_in_progress)
{
    pthread_t other;

    disk.is_slow = true;
    open_flusher();
    (void)ms_flusher_ask(flusher);
    (void)sem_wait(&disk.begun);
    ck_assert_int_eq(pthread_create(&other, NULL, end_flush, NULL), 0);
    ms_flusher_close(flusher);
    flusher = NULL;
    ck_assert_int_eq(disk.ended, 1);
    (void)pthread_join(other, NULL);
}
END_TEST

/* Polls like the ticks of a rank that trains. Under helgrind (tests/fault/test_races.py), only the mutex of the flusher
 * orders the accesses of the two threads here. */
START_TEST(the_state_can_be_polled_while_the_thread_flushes)
{
    open_flusher();
    for (int i = 0; i < 100; i++) {
        const uint64_t ticket = ms_flusher_ask(flusher);

        while (!is_done(ticket))
            (void)sched_yield();
    }
    ck_assert_int_eq(cause_of(0), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("flusher");
    TCase *tests = tcase_create("flusher");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_flush_has_finished_when_the_disk_has);
    tcase_add_test(tests, a_request_during_a_flush_takes_another_flush);
    tcase_add_test(tests, ticket_0_is_always_done);
    tcase_add_loop_test(tests, after_a_failed_flush_all_later_ones_fail, 0, 2);
    tcase_add_loop_test(tests, an_interrupted_flush_is_repeated, 0, 2);
    tcase_add_test(tests, the_callback_is_called_while_waiting_for_a_flush);
    tcase_add_test(tests, the_callback_may_ask_for_the_state);
    tcase_add_test(tests, without_a_thread_a_request_flushes_immediately);
    tcase_add_test(tests, signals_are_blocked_in_the_thread);
    tcase_add_test(tests, closing_waits_for_a_flush_in_progress);
    tcase_add_test(tests, the_state_can_be_polled_while_the_thread_flushes);
    suite_add_tcase(suite, tests);
    return suite;
}
