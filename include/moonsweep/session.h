/* A sweep on a result file that is there, on all ranks, from opening it to the end of its row in /runs.
 *
 *     ms_session_run(&spec, &outcome, err)         // collective: open, find out what is done, train the rest, close
 *
 * Who makes rows in another way takes the steps one by one:
 *
 *     ms_session_open(comm, path, &result, &writer, err)
 *     ms_session_begin(comm, writer, &info, err)
 *     ... moonsweep/writer.h ...
 *     ms_writer_close(writer) */
#ifndef MOONSWEEP_SESSION_H
#define MOONSWEEP_SESSION_H

#include "moonsweep/sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collective: rank 0 opens the result by HDF5 and tells the others where everything is. Errors, the same on every rank:
 * those of ms_writer_open and ms_writer_open_again. */
enum ms_code ms_session_open(MPI_Comm comm, const char *path, const struct ms_writer_spec *result,
                             struct ms_writer **writer, struct ms_error *err);

/* Collective: takes a row of /runs and makes every rank part of that run; info matters on rank 0. Errors, the same on
 * every rank: those of ms_writer_run_begin. */
enum ms_code ms_session_begin(MPI_Comm comm, struct ms_writer *writer, const struct ms_run_info *info,
                              struct ms_error *err);

/* Who writes: each rank for itself, or one rank of a machine for all its ranks; automatically, that on network file
 * systems. */
enum ms_session_writers { MS_WRITERS_AUTO, MS_WRITERS_RANK, MS_WRITERS_NODE };

struct ms_session_spec {
    const char *path;                    /* the result file */
    const struct ms_writer_spec *result; /* what it holds */
    struct ms_sweep_spec sweep;          /* all but writer, scan and node */
    bool was_there; /* rank 0: the file was there before: it may have come as a copy with holes */
    enum ms_session_writers writers;
    bool is_anonymous; /* hosts, command and batch job are not stored */

    /* Rank 0 is told what there is, before anything is trained; may be NULL. */
    void (*look)(void *context, const struct ms_writer_scan *scan, bool is_reserved);
    void *context;
};

struct ms_session_outcome {
    bool was_finished; /* there was nothing to do */
    struct ms_sweep_summary summary;
};

/* Collective. Returns as ms_sweep_run does; besides, MS_IO_ERROR where the file does not hold what was trained, or has
 * another name in the end. The outcome is meaningful on rank 0, was_finished everywhere. */
enum ms_code ms_session_run(const struct ms_session_spec *spec, struct ms_session_outcome *outcome,
                            struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
