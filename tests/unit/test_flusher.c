/* Making a file durable in a thread of its own, with a disk that takes as long as the test says. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

#include "store/run/flusher.h"
#include "unit.h"

/* The disk: a flush says that it has begun, and ends when it may. */
static struct {
    sem_t begun, may_end;
    bool is_slow;             /* it waits for may_end */
    atomic_int cause;         /* errno that the next ones fail with; 0: none */
    atomic_int interruptions; /* how many fail with EINTR first */
    atomic_int over;          /* flushes that are over */
    bool blocks_signals;      /* in the thread of the last one */
} disk;

static bool no_threads;

/* Takes the place of the C library's. */
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
    disk.over++;
    errno = cause;
    return cause == 0 ? 0 : -1;
}

/* Likewise. */
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

START_TEST(a_flush_is_over_when_the_disk_is_done)
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
    ck_assert_int_eq(disk.over, 1);
}
END_TEST

/* What was written after it began may have missed it. */
START_TEST(what_is_asked_for_while_the_disk_is_at_it_takes_another_flush)
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
    ck_assert_int_eq(ms_flusher_wait(flusher, third), 0); /* one for both */
    ck_assert(is_done(second));
    ck_assert_int_eq(disk.over, 2);
}
END_TEST

START_TEST(a_ticket_of_nothing_is_done)
{
    disk.is_slow = true;
    open_flusher();
    ck_assert(is_done(0));
    ck_assert_int_eq(ms_flusher_wait(flusher, 0), 0);
}
END_TEST

/* _i 1: where there can be no thread. */
START_TEST(once_a_flush_has_failed_every_later_one_does)
{
    uint64_t before, failed, after;

    no_threads = _i == 1;
    open_flusher();
    before = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, before), 0);
    disk.cause = EIO;
    failed = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, failed), EIO);
    disk.cause = 0; /* as the system does it */
    after = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, after), EIO);
    ck_assert_int_eq(cause_of(after), EIO);
    disk.cause = ENOSPC;
    after = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, after), EIO); /* the first cause */
}
END_TEST

START_TEST(a_flush_that_is_interrupted_goes_on)
{
    no_threads = _i == 1;
    disk.interruptions = 3;
    open_flusher();
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert_int_eq(disk.over, 1);
}
END_TEST

static int served;

/* Without these calls the disk would never be done. */
static void serve(void *context)
{
    ck_assert_ptr_eq(context, &served);
    if (++served == 3)
        (void)sem_post(&disk.may_end);
}

START_TEST(others_are_served_while_a_flush_is_waited_for)
{
    disk.is_slow = true;
    open_flusher();
    ms_flusher_while_waiting(flusher, serve, &served);
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert_int_ge(served, 3);
}
END_TEST

/* The callback may ask how far the disk is: nothing is locked meanwhile. */
static void look_and_serve(void *context)
{
    const uint64_t *ticket = context;

    if (!is_done(*ticket) && ++served == 3)
        (void)sem_post(&disk.may_end);
}

START_TEST(whoever_is_served_may_look)
{
    uint64_t ticket;

    disk.is_slow = true;
    open_flusher();
    ms_flusher_while_waiting(flusher, look_and_serve, &ticket);
    ticket = ms_flusher_ask(flusher);
    ck_assert_int_eq(ms_flusher_wait(flusher, ticket), 0);
}
END_TEST

START_TEST(without_a_thread_asking_does_the_work)
{
    uint64_t ticket;

    no_threads = true;
    open_flusher();
    ticket = ms_flusher_ask(flusher);
    ck_assert_int_eq(disk.over, 1);
    ck_assert(is_done(ticket));
    ck_assert_int_eq(ms_flusher_wait(flusher, ticket), 0);
    ck_assert(!disk.blocks_signals);
}
END_TEST

/* They are for the thread that trains, whose mask stays as it was. */
START_TEST(signals_do_not_go_to_the_thread)
{
    sigset_t blocked;

    open_flusher();
    ck_assert_int_eq(ms_flusher_wait(flusher, ms_flusher_ask(flusher)), 0);
    ck_assert(disk.blocks_signals);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    ck_assert(!sigismember(&blocked, SIGTERM));
}
END_TEST

static void *let_it_end(void *context)
{
    (void)context;
    (void)sem_post(&disk.may_end);
    return NULL;
}

START_TEST(closing_waits_for_a_flush_that_is_under_way)
{
    pthread_t other;

    disk.is_slow = true;
    open_flusher();
    (void)ms_flusher_ask(flusher);
    (void)sem_wait(&disk.begun);
    ck_assert_int_eq(pthread_create(&other, NULL, let_it_end, NULL), 0);
    ms_flusher_close(flusher);
    flusher = NULL;
    ck_assert_int_eq(disk.over, 1);
    (void)pthread_join(other, NULL);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("flusher");
    TCase *tests = tcase_create("flusher");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_flush_is_over_when_the_disk_is_done);
    tcase_add_test(tests, what_is_asked_for_while_the_disk_is_at_it_takes_another_flush);
    tcase_add_test(tests, a_ticket_of_nothing_is_done);
    tcase_add_loop_test(tests, once_a_flush_has_failed_every_later_one_does, 0, 2);
    tcase_add_loop_test(tests, a_flush_that_is_interrupted_goes_on, 0, 2);
    tcase_add_test(tests, others_are_served_while_a_flush_is_waited_for);
    tcase_add_test(tests, whoever_is_served_may_look);
    tcase_add_test(tests, without_a_thread_asking_does_the_work);
    tcase_add_test(tests, signals_do_not_go_to_the_thread);
    tcase_add_test(tests, closing_waits_for_a_flush_that_is_under_way);
    suite_add_tcase(suite, tests);
    return suite;
}
