/* What every program of a build with sanitizers brings along (meson.build): how they are set, and which leaks are not
 * ours. The names are the sanitizers' own. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
#define OURS __attribute__((visibility("default")))

OURS const char *__asan_default_options(void);
OURS const char *__lsan_default_options(void);
OURS const char *__lsan_default_suppressions(void);
OURS const char *__ubsan_default_options(void);
OURS int dlclose(void *handle);

/* With the interception of thread-local storage the search for leaks crashes once MPI was there. */
const char *__asan_default_options(void)
{
    return "intercept_tls_get_addr=0";
}

const char *__ubsan_default_options(void)
{
    return "halt_on_error=1:print_stacktrace=1";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

/* What MPI and its parts keep until the process ends. Its formatted texts are known by the C library's function (which
 * has a name where libc6-dbg is installed): the fast way up the stack gets lost there, and the slow one makes the tests
 * take minutes longer. We format none. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libmpi.so\n"
           "leak:libopen-pal.so\n"
           "leak:libopen-rte.so\n"
           "leak:libpmix.so\n"
           "leak:libhwloc.so\n"
           "leak:libevent\n"
           "leak:mca_\n"
           "leak:__vasprintf_internal\n";
}

/* MPI's parts stay loaded: a leak in one that is gone has no name. */
int dlclose(void *handle)
{
    (void)handle;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier) */
