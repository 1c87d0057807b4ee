// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How often the calling thread has asked for memory from the heap, by any of malloc's functions.
long allocation_count(void);
