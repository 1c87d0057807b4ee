# SPDX-License-Identifier: Apache-2.0
"""What scripts/man-pages is made of."""
