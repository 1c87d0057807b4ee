// SPDX-License-Identifier: Apache-2.0
#ifndef LIKENESS_CFILES_H
#define LIKENESS_CFILES_H

/* What neither Glibc nor Foundation imports into Swift. */

/* open(2) of a name in an opened folder, of the thing itself and not of what a link points to, without a right to read it. */
int likeness_open_name(int folder, const char *name);

/* Whether what is opened has an access control list beyond its mode: 1, 0, or -1 when it cannot be told. */
int likeness_has_access_list(int descriptor);

/* Whether something keeps the kernel's clock right, adjtimex(2): 1, 0, or -1 when the kernel does not say. */
int likeness_clock_is_synchronized(void);

#endif
