/* Linked into every program of a build with sanitizers (meson.build): their options, and the leaks in other libraries.
 * The sanitizers define the function names.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
#define OURS __attribute__((visibility("default")))

OURS const char *__asan_default_options(void);
OURS const char *__lsan_default_options(void);
OURS const char *__lsan_default_suppressions(void);
OURS const char *__ubsan_default_options(void);
OURS int dlclose(void *handle);

/* With the interception of thread-local storage, LeakSanitizer crashes after MPI has been used. */
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

/* Memory that MPI and its plugins keep until the process ends. MPI's formatted texts are recognised by the function of
 * the C library (whose name is known if libc6-dbg is installed), because the fast unwinder fails there and the slow one
 * would make the tests take minutes longer. moonsweep does not use that function. */
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

/* Keeps MPI's plugins loaded, because leaks in an unloaded one cannot be attributed. */
int dlclose(void *handle)
{
    (void)handle;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier) */
