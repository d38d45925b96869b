/* A pause within a loop that waits for another processor to write to memory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_PAUSE_H
#define MOONSWEEP_TRAIN_PAUSE_H

/* Takes tens of cycles, in which the processor executes nothing and leaves its units to another thread of the core. */
static inline void ms_pause(void)
{
#if defined __x86_64__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb" ::: "memory"); /* yield returns at once on many processors */
#endif
}

#endif
