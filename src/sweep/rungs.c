/* Repeats four steps until nothing is left to train: rank 0 decides from the rows in the file, lets the
 * caller take rows over, all ranks train one round, and rank 0 scans the file again. An invariant of
 * docs/protocol.md is kept here:
 *
 *   I13  What is dropped is a function of the rows of the rungs, and these of the job alone. No decision is stored.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "rungs.h"

#include <math.h>
#include <stdlib.h>

#include "drop.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/plan.h"
#include "moonsweep/plural.h"
#include "node.h"
#include "node_team.h"

/* A sweep in rounds. What only rank 0 has is zero on the others. */
struct rungs {
    const struct ms_sweep_spec *spec;
    const struct ms_rungs_spec *rounds;
    struct ms_writer_scan *scan;         /* rank 0 */
    bool is_current;                     /* rank 0: the scan is up to date */
    struct ms_halving_row *rows;         /* rank 0: [configs] owned */
    bool *idle;                          /* rank 0: [trajectories] owned: not trained in this round */
    double *cost;                        /* rank 0: [trajectories] owned: of one iteration */
    struct ms_grid_member *members;      /* rank 0: [ms_grid_max_members] owned: a buffer */
    struct ms_halving_decision decision; /* rank 0: owned; its goals are those of the next round */
    bool is_last;                        /* the next round trains everything that is left */
    double work_after;
    struct ms_sweep_summary total;
    double span_s; /* the seconds in which the ranks had work: core_s / trained_share of every round */
    double started_s;
};

enum ms_code ms_rungs_sweep(const struct ms_sweep_spec *spec, bool by_node, struct ms_sweep_summary *summary,
                            struct ms_error *err)
{
    struct ms_sweep_spec sweep = *spec;
    struct ms_node_team node_team = {.team = NULL};
    enum ms_code code = by_node ? ms_node_open(spec->comm, spec->writer, &sweep.node, err) : MS_OK;

    if (code == MS_OK)
        code = ms_node_team_open(spec, &node_team, err);
    sweep.team = node_team.team;
    sweep.has_teams = node_team.exists_anywhere;
    sweep.team_nodes = node_team.nodes;
    if (code == MS_OK)
        code = ms_sweep_run(&sweep, summary, err);
    ms_node_team_close(&node_team);
    ms_node_close(sweep.node);
    return code;
}

/* ---- opening and closing, on rank 0 -------------------------------------------------------------------- */

static void close_rungs(struct rungs *rungs)
{
    ms_halving_decision_free(&rungs->decision);
    free(rungs->rows);
    free(rungs->idle);
    free(rungs->cost);
    free(rungs->members);
}

static enum ms_code open_rungs(struct rungs *rungs, struct ms_error *err)
{
    const struct ms_sweep_spec *spec = rungs->spec;
    const int64_t trajectories = ms_grid_trajectories(spec->grid);

    rungs->rows = malloc((size_t)ms_grid_configs(spec->grid) * sizeof *rungs->rows);
    rungs->idle = malloc((size_t)trajectories * sizeof *rungs->idle);
    rungs->cost = malloc((size_t)trajectories * sizeof *rungs->cost);
    rungs->members = malloc((size_t)ms_grid_max_members(spec->grid) * sizeof *rungs->members);
    if (rungs->rows == NULL || rungs->idle == NULL || rungs->cost == NULL || rungs->members == NULL)
        return ms_fail_memory(err, NULL, "to decide which trajectories go on");
    for (int64_t t = 0; t < trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(spec->grid, t).longest;
        const struct ms_samples *samples = &spec->train[config.dataset];

        rungs->cost[t] = ms_plan_cost(config.activation, samples->n_x, config.n_h, samples->m);
    }
    return MS_OK;
}

/* ---- the goals of a round, on rank 0 ------------------------------------------------------------------- */

/* Writes the rows of what was dropped (I14). */
static enum ms_code drop_rows(struct rungs *rungs, struct ms_error *err)
{
    const struct ms_drop_spec spec = {
        .sweep = rungs->spec,
        .scan = rungs->scan,
        .dropped_at = rungs->decision.dropped_at,
        .members = rungs->members,
    };
    bool is_stopped;
    enum ms_code code = ms_drop_rows(&spec, &is_stopped, err);

    if (code != MS_OK || !is_stopped)
        return code;
    rungs->total.stop_reason = MS_STOP_SIGNAL;
    return ms_fail(err, MS_WORK_LEFT, "stopped with %lld %s left", (long long)rungs->scan->pending,
                   ms_plural(rungs->scan->pending, "configuration", "configurations"));
}

static bool has_halving(const struct rungs *rungs)
{
    return rungs->rounds->halving.keep > 0;
}

/* Decides that every trajectory is trained to its end. */
static enum ms_code decide_to_end(struct rungs *rungs, struct ms_error *err)
{
    const int64_t trajectories = rungs->scan->trajectories;
    struct ms_halving_decision *decision = &rungs->decision;

    decision->goal = malloc((size_t)trajectories * sizeof *decision->goal);
    decision->dropped_at = calloc((size_t)trajectories, sizeof *decision->dropped_at);
    if (decision->goal == NULL || decision->dropped_at == NULL)
        return ms_fail_memory(err, NULL, "to decide which trajectories go on");
    for (int64_t t = 0; t < trajectories; t++)
        decision->goal[t] = rungs->scan->finished[t]
                                ? 0
                                : ms_grid_trajectory(rungs->spec->grid, t).longest.iterations;
    return MS_OK;
}

/* Decides what the file allows to decide (I13), and writes the rows of what is dropped. */
static enum ms_code decide(struct rungs *rungs, struct ms_error *err)
{
    const struct ms_halving *halving = &rungs->rounds->halving;
    enum ms_code code;

    ms_halving_decision_free(&rungs->decision);
    if (!has_halving(rungs))
        return decide_to_end(rungs, err);
    code = ms_writer_halving_rows(rungs->spec->writer, rungs->scan, halving, rungs->rows, err);
    if (code == MS_OK)
        code = ms_halving_decide(halving, rungs->spec->grid, rungs->rows, &rungs->decision, err);
    return code == MS_OK ? drop_rows(rungs, err) : code;
}

/* Decides, and lets the caller make rows up to the goals, until nothing more can be decided from them. goal
 * [trajectories]: receives the goals of the caller. */
static enum ms_code decide_and_take_over(struct rungs *rungs, int64_t *goal, struct ms_error *err)
{
    const struct ms_rungs_spec *rounds = rungs->rounds;
    bool again;
    enum ms_code code;

    do {
        again = false;
        for (int64_t t = 0; t < rungs->scan->trajectories; t++)
            goal[t] = INT64_MAX;
        code = decide(rungs, err);
        if (code == MS_OK && rounds->take_over != NULL)
            code = rounds->take_over(rounds->context, rungs->spec->writer, rungs->scan, rungs->decision.goal,
                                     goal, &again, err);
    } while (code == MS_OK && again);
    return code;
}

/* Sets the goals of the next round, and whether it is the last one. */
static enum ms_code set_goals(struct rungs *rungs, struct ms_error *err)
{
    const int64_t trajectories = rungs->scan->trajectories;
    int64_t *goal = malloc((size_t)trajectories * sizeof *goal);
    enum ms_code code = goal == NULL ? ms_fail_memory(err, NULL, "to decide how far trajectories are trained")
                                     : decide_and_take_over(rungs, goal, err);

    rungs->is_last = !has_halving(rungs);
    for (int64_t t = 0; code == MS_OK && t < trajectories; t++) {
        if (goal[t] >= rungs->decision.goal[t])
            continue;
        rungs->decision.goal[t] = goal[t];
        rungs->is_last = false;
    }
    free(goal);
    return code;
}

/* ---- a round ------------------------------------------------------------------------------------------- */

/* Sums up the most work that may be left after the round. */
static enum ms_code bound_work(struct rungs *rungs, struct ms_error *err)
{
    const struct ms_grid *grid = rungs->spec->grid;
    struct ms_halving_decision most = {NULL};
    enum ms_code code = MS_OK;

    rungs->work_after = 0;
    if (has_halving(rungs))
        code = ms_halving_assume(&rungs->rounds->halving, grid, rungs->rows, rungs->cost, &most, err);
    if (code != MS_OK)
        return code;
    for (int64_t t = 0; t < rungs->scan->trajectories; t++) {
        const int64_t goal = rungs->decision.goal[t];
        const int64_t from = goal > 0 ? goal : rungs->scan->from_iteration[t];
        const int64_t end = most.dropped_at != NULL && most.dropped_at[t] > 0
                                ? most.dropped_at[t]
                                : ms_grid_trajectory(grid, t).longest.iterations;

        if (!rungs->scan->finished[t] && end > from)
            rungs->work_after += rungs->cost[t] * (double)(end - from);
    }
    ms_halving_decision_free(&most);
    return MS_OK;
}

/* Rank 0: sets the goals of the round. Sets *has_work to whether there is something to train. */
static enum ms_code prepare(struct rungs *rungs, int *has_work, struct ms_error *err)
{
    const struct ms_writer_scan *scan = rungs->scan;
    enum ms_code code = set_goals(rungs, err);

    *has_work = 0;
    if (code == MS_OK)
        code = bound_work(rungs, err);
    for (int64_t t = 0; code == MS_OK && t < scan->trajectories; t++) {
        rungs->idle[t] = scan->finished[t] || rungs->decision.goal[t] == 0;
        *has_work = *has_work || !rungs->idle[t];
    }
    if (code == MS_OK && !*has_work && scan->pending > 0)
        code = ms_fail(
            err, MS_BAD_INPUT,
            "%s: the rows contradict each other: %lld %s pending, but the trajectory was not dropped; start "
            "over with --force",
            ms_writer_path(rungs->spec->writer), (long long)scan->pending,
            ms_plural(scan->pending, "row is", "rows are"));
    return code;
}

/* Adds what a round did to the summary of all. */
static void add_round(struct rungs *rungs, const struct ms_sweep_summary *round)
{
    struct ms_sweep_summary total = *round;
    const struct ms_sweep_summary *before = &rungs->total;

    if (round->iterations > 0)
        rungs->span_s += round->core_s / round->trained_share;
    total.iterations += before->iterations;
    total.repeated += before->repeated;
    total.core_s += before->core_s;
    total.leases += before->leases;
    total.lease_table_full = total.lease_table_full || before->lease_table_full;
    total.unprotected += before->unprotected;
    total.checkpoints += before->checkpoints;
    total.checkpoint_s += before->checkpoint_s;
    total.suspended_s += before->suspended_s;
    total.helped_s += before->helped_s;
    total.trained_share = rungs->span_s > 0 ? total.core_s / rungs->span_s : (double)NAN;
    rungs->total = total;
}

/* A give_up of struct ms_sweep_watch: what the rounds before did belongs to the summary, too. */
static void give_up(void *context, const struct ms_sweep_summary *round, bool is_own,
                    const struct ms_error *err)
{
    struct rungs *rungs = context;
    const struct ms_sweep_watch *watch = &rungs->spec->watch;

    if (round != NULL)
        add_round(rungs, round);
    watch->give_up(watch->give_up_context, round == NULL ? NULL : &rungs->total, is_own, err);
}

static enum ms_code run_round(struct rungs *rungs, struct ms_error *err)
{
    struct ms_sweep_spec sweep = *rungs->spec;
    struct ms_sweep_summary round = {0};
    struct ms_writer_scan scan;
    enum ms_code code;

    sweep.elapsed_s = ms_clock_monotonic_s() - rungs->started_s;
    sweep.time_limit_s -= sweep.elapsed_s;
    sweep.work_after = rungs->work_after;
    sweep.goal = rungs->is_last ? NULL : rungs->decision.goal;
    sweep.scan = NULL;
    if (sweep.watch.give_up != NULL) {
        sweep.watch.give_up = give_up;
        sweep.watch.give_up_context = rungs;
    }
    if (rungs->scan != NULL) {
        scan = *rungs->scan;
        scan.finished = rungs->idle;
        sweep.scan = &scan;
    }
    rungs->is_current = false;
    code = ms_rungs_sweep(&sweep, rungs->rounds->by_node, &round, err);
    if (rungs->scan != NULL && (code == MS_OK || code == MS_WORK_LEFT))
        add_round(rungs, &round);
    return code;
}

/* Rank 0: brings the scan up to date after a round. */
static enum ms_code look_again(struct rungs *rungs, struct ms_error *err)
{
    const struct ms_sweep_summary *total = &rungs->total;
    struct ms_writer_scan scan;
    enum ms_code code = ms_writer_confirm_rows(
        rungs->spec->writer, total->done + total->diverged + total->stopped + total->dropped, err);

    if (code == MS_OK)
        code = ms_writer_scan(rungs->spec->writer, &scan, err);
    if (code != MS_OK)
        return code;
    ms_writer_scan_free(rungs->scan);
    *rungs->scan = scan;
    rungs->is_current = true;
    return ms_writer_reopen(rungs->spec->writer, &scan, err);
}

/* Runs rounds until nothing is left to do. */
static enum ms_code run_all(struct rungs *rungs, struct ms_error *err)
{
    const bool is_first = rungs->scan != NULL;
    MPI_Comm comm = rungs->spec->comm;
    int has_work = 1, is_last = 0;
    enum ms_code code = MS_OK;

    while (code == MS_OK && !is_last) {
        ms_writer_refresh(rungs->spec->writer);
        code = ms_agree(comm, is_first ? prepare(rungs, &has_work, err) : MS_OK, err);
        if (code == MS_OK)
            MPI_Bcast(&has_work, 1, MPI_INT, 0, comm);
        if (code != MS_OK || !has_work)
            break;
        is_last = rungs->is_last;
        MPI_Bcast(&is_last, 1, MPI_INT, 0, comm);
        code = run_round(rungs, err);
        if (code == MS_OK && !is_last)
            code = ms_agree(comm, is_first ? look_again(rungs, err) : MS_OK, err);
    }
    return code;
}

enum ms_code ms_rungs_run(const struct ms_sweep_spec *spec, const struct ms_rungs_spec *rounds,
                          struct ms_writer_scan *scan, struct ms_sweep_summary *summary, struct ms_error *err)
{
    struct rungs rungs = {
        .spec = spec,
        .rounds = rounds,
        .scan = scan,
        .is_current = true,
        .total = {.trained_share = (double)NAN},
        .started_s = ms_clock_monotonic_s(),
    };
    enum ms_code code = ms_agree(spec->comm, scan != NULL ? open_rungs(&rungs, err) : MS_OK, err);

    if (code == MS_OK)
        code = run_all(&rungs, err);
    if (scan != NULL) {
        *summary = rungs.total;
        summary->wall_s = ms_clock_monotonic_s() - rungs.started_s;
        if (rungs.is_current) { /* otherwise the last round knows what was trained after the scan */
            summary->done = scan->done;
            summary->diverged = scan->diverged;
            summary->stopped = scan->stopped;
            summary->best = scan->best;
        }
        summary->dropped = scan->dropped;
        summary->pending = ms_grid_configs(spec->grid) - summary->done - summary->diverged -
                           summary->stopped - summary->dropped;
    }
    close_rungs(&rungs);
    return code;
}
