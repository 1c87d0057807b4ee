// SPDX-License-Identifier: Apache-2.0
/* libpq, the client library of PostgreSQL, and the fields of its errors, which are character literals that Swift does not import. */
#ifndef LIKENESS_CPOSTGRESQL_SHIM_H
#define LIKENESS_CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

static inline const char *likeness_pq_sqlstate(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }
static inline const char *likeness_pq_message(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY); }

static inline void likeness_pq_ignore_notice(void *nothing, const PGresult *notice) {
    (void)nothing;
    (void)notice;
}

/* Notices would go to standard error. */
static inline void likeness_pq_ignore_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, likeness_pq_ignore_notice, NULL);
}

#endif
