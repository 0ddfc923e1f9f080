// Every bound in one place, its unit last in the name, the reason beside it. Defaults: what may be
// configured is a field of some Options and starts from here. GET /v1/limits shows them all.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penstock::limits {

// --- HTTP front end ---
inline constexpr size_t head_bytes_max = 16 * 1024;         // 431 beyond
inline constexpr size_t header_fields_max = 100;            // 431 beyond
inline constexpr size_t target_bytes_max = 8 * 1024;        // 414 beyond
inline constexpr size_t body_bytes_max = 1024 * 1024;       // 413 beyond, before reading it
inline constexpr size_t body_bytes_ceiling = 16 * 1024 * 1024;  // a trigger may go up to here
inline constexpr size_t chunk_extension_bytes_max = 1024;   // per message: nobody needs them
inline constexpr size_t trailer_bytes_max = 4 * 1024;
inline constexpr uint64_t head_ms_max = 10'000;             // from first byte (or accept) to end of head: 408
inline constexpr uint64_t body_floor_bytes_per_s = 1024;    // slower than this over body_grace_ms: 408
inline constexpr uint64_t body_grace_ms = 10'000;
inline constexpr uint64_t keep_alive_ms_max = 75'000;       // idle between requests; nginx's figure
inline constexpr size_t pipelined_requests_max = 64;        // further input waits in the socket
inline constexpr size_t connections_max = 20'000;
inline constexpr size_t connections_over_max = 256;         // beyond it still told 503; then just closed
inline constexpr uint64_t write_stall_ms_max = 30'000;      // a client that reads nothing is dropped
inline constexpr uint64_t linger_ms_max = 5'000;            // input drained behind a last answer, so that
inline constexpr size_t linger_bytes_max = 8 * 1024 * 1024; // … the client sees it and not a reset
inline constexpr size_t partial_bytes_max = 512 * 1024 * 1024;  // all half-received bodies; 503 beyond
inline constexpr size_t write_backlog_bytes_max = 256 * 1024;  // a reader slower than this is paused
inline constexpr size_t read_buffer_bytes = 64 * 1024;      // shared by all connections of a loop
inline constexpr uint64_t read_turn_us = 1000;              // of reading at a stretch
inline constexpr uint64_t act_turn_us = 600;                // of answering and dispatching at a stretch

// --- JSON ---
inline constexpr size_t json_depth_max = 1024;              // simdjson's own default
inline constexpr size_t json_bytes_max = 64 * 1024 * 1024;  // one text; a frame's size

// --- jq: what one evaluation may use; each breach is an error that names the limit ---
inline constexpr size_t jq_program_bytes_max = 64 * 1024;
inline constexpr size_t jq_program_depth_max = 500;         // nesting of the program's text
inline constexpr uint64_t jq_steps_max = 2'500'000;         // under 100 ms on a slow core
inline constexpr size_t jq_depth_max = 20'000;              // calls within calls
inline constexpr size_t jq_memory_bytes_max = 32 * 1024 * 1024;
inline constexpr size_t jq_outputs_max = 100'000;
inline constexpr int jq_sandbox_ms_max = 1000;             // one run on libjq, compiling it included
inline constexpr uint64_t jq_sandbox_cpu_s_max = 60;        // a sandbox process over its life
inline constexpr size_t jq_sandbox_memory_bytes_max = 256 * 1024 * 1024;
inline constexpr size_t jq_value_bytes_max = 16 * 1024 * 1024;  // one value, written; a result's size

// --- Queue ---
inline constexpr uint64_t queue_events_max = 100'000'000;   // queue_full beyond
inline constexpr size_t window_events_max = 20'000;         // ready events kept in memory …
inline constexpr size_t window_bytes_max = 64 * 1024 * 1024;   // … with their bodies; the rest spills
inline constexpr size_t commit_backlog_bytes_max = 64 * 1024 * 1024;  // waiting for fsync; queue_full beyond
inline constexpr size_t commit_backlog_events_max = 50'000;
inline constexpr uint32_t attempts_max = 5;                 // then dead letter
inline constexpr uint64_t retry_first_ms = 1'000;           // doubles per attempt, with jitter
inline constexpr uint64_t retry_ms_max = 5 * 60'000;
inline constexpr uint64_t heartbeat_ms = 1'000;
inline constexpr uint64_t lease_ms = 10'000;                // executor silent this long: runs go to others
inline constexpr uint64_t result_retention_ms = 7ull * 24 * 3600'000;
inline constexpr uint64_t event_retention_ms = 30ull * 24 * 3600'000;
inline constexpr size_t result_bytes_max = 16 * 1024 * 1024;
inline constexpr size_t result_cache_bytes_max = 32 * 1024 * 1024;
inline constexpr size_t compress_bytes_min = 2 * 1024;      // packs of events above are zstd frames on disk
inline constexpr size_t journal_entries_max = 1'000'000;    // a run

inline constexpr size_t journal_bytes_max = 16 * 1024 * 1024;   // a run: it travels in one dispatch
inline constexpr size_t pack_bytes_max = 128 * 1024;        // events stored under one key; a look-up reads as much
inline constexpr uint64_t fence_block = 65'536;             // fencing tokens reserved by one commit
inline constexpr uint64_t held_back_events_max = 50'000;    // a run older than this many gets its own record
inline constexpr size_t loads_max = 64;                     // due runs being read back at once
inline constexpr size_t load_bytes_max = 16 * 1024 * 1024;  // … and waiting for a slot with their bodies
inline constexpr size_t reads_max = 10'000;                 // reads waiting for the disk; refused beyond
inline constexpr uint64_t timer_ms_max = 10ull * 365 * 24 * 3600'000;
inline constexpr uint64_t disk_free_bytes_min = 96 * 1024 * 1024;  // no new events below
inline constexpr uint64_t disk_reserve_bytes = 16 * 1024 * 1024;   // given up when the disk is full
inline constexpr size_t memtable_bytes = 32 * 1024 * 1024;  // larger ones make longer pauses
inline constexpr size_t block_cache_bytes = 32 * 1024 * 1024;
inline constexpr uint64_t background_bytes_per_s = 256 * 1024 * 1024;  // flush and compaction together
inline constexpr uint64_t retention_sweep_ms = 60'000;
inline constexpr size_t retention_scan_max = 20'000;        // records looked at in one sweep

// --- Flow ---
inline constexpr uint64_t dedup_ttl_ms = 24ull * 3600'000;  // where the trigger sets none
inline constexpr uint64_t dedup_ttl_ms_max = 30ull * 24 * 3600'000;  // longer than an event is kept by default
inline constexpr size_t dedup_key_bytes_max = 1024;         // longer keys are refused
inline constexpr size_t dedup_keys_max = 20'000'000;        // remembered at once, some 20 bytes of memory each
inline constexpr size_t dedup_recent_max = 50'000;          // with their first event, so that no read is needed
inline constexpr uint64_t dedup_hour_ms = 3600'000;         // keys go in whole hours of expiry
inline constexpr size_t held_runs_max = 100'000;            // waiting for a lane or a limit in memory; the rest spills
inline constexpr uint64_t flow_delay_ms_max = 365ull * 24 * 3600'000;
inline constexpr size_t flow_key_bytes_max = 512;           // of a lane, a concurrency key
inline constexpr size_t fan_out_max = 16;                   // further workflows of one trigger
inline constexpr size_t single_flights_max = 20'000;        // beyond: every request has a run of its own
inline constexpr double rate_per_s_max = 1e6;

// --- Replies ---
inline constexpr uint64_t reply_wait_ms = 30'000;           // a held reply turns into 202 after this
inline constexpr uint64_t reply_wait_ms_max = 600'000;
inline constexpr size_t held_replies_max = 20'000;

inline constexpr size_t stream_piece_bytes_max = 1024 * 1024;
inline constexpr size_t stream_bytes_max = 16 * 1024 * 1024;    // a run: handed back in one dispatch
inline constexpr size_t stream_pieces_max = 200'000;            // a run
inline constexpr size_t stream_bytes = 4096;                // pieces gather up to here …
inline constexpr uint64_t stream_ms = 20;                   // … or for this long, the first one excepted
inline constexpr uint64_t stream_ms_max = 10'000;
inline constexpr size_t stream_readers_max = 20'000;
inline constexpr size_t stream_page_bytes = 64 * 1024;      // read back at once for a reader that lags
inline constexpr uint64_t stream_heartbeat_ms = 15'000;     // a comment in a silent stream
inline constexpr uint64_t stream_retry_ms = 1'000;          // a client's pause before it comes back
inline constexpr uint64_t hang_up_grace_ms = 10'000;        // for a caller to ask again, where none is set
inline constexpr uint64_t hang_up_grace_ms_max = 24ull * 3600'000;
inline constexpr size_t reply_fields_max = 64;              // header fields chosen by a workflow
inline constexpr size_t reply_fields_bytes_max = 16 * 1024;

// --- Events ---
inline constexpr size_t event_bytes_max = 1024 * 1024;      // one CloudEvent that a workflow emits, or a signal's body
inline constexpr size_t event_filters_max = 100;            // of one listener, or of schedule.on
inline constexpr size_t event_filter_bytes_max = 4 * 1024;  // an attribute to look for
inline constexpr size_t listeners_max = 1'000;              // at once in one run
inline constexpr size_t inbox_events_max = 10'000;          // kept for a run and not taken up: then it fails
inline constexpr size_t inbox_bytes_max = 3 * 1024 * 1024;   // it travels in one dispatch
inline constexpr uint64_t listen_linger_ms = 1'000;         // a run that only listens leaves its executor after this
inline constexpr size_t starting_events_max = 10'000;       // of one workflow: looked at, or waiting for others
inline constexpr size_t starting_bytes_max = 32 * 1024 * 1024;
inline constexpr size_t cron_bytes_max = 256;
inline constexpr uint64_t every_ms_min = 100;               // a workflow that starts by itself, at most this often
inline constexpr uint64_t match_ms_max = 10'000;            // an executor says what an event fits, or another is asked

// --- Executors ---
inline constexpr size_t frame_bytes_max = 64 * 1024 * 1024;
inline constexpr uint32_t executor_slots = 1024;            // runs one executor holds at once

inline constexpr size_t http_reply_bytes_max = 16 * 1024 * 1024;  // of an outgoing call, decoded
inline constexpr size_t http_reply_fields_max = 256;
inline constexpr size_t http_url_bytes_max = 16 * 1024;
inline constexpr uint64_t http_call_ms_max = 3600'000;      // where no timeout is set: an hour
inline constexpr size_t chat_request_bytes_max = 16 * 1024 * 1024;  // messages with their pictures
inline constexpr size_t chat_reply_bytes_max = 8 * 1024 * 1024;   // on the wire: a token is 200 bytes of JSON
inline constexpr size_t chat_models_max = 16;               // tried one after another
inline constexpr uint32_t chat_retries = 2;                 // of one model, where `max_retries` is not set
inline constexpr uint32_t chat_retries_max = 10;
inline constexpr uint64_t chat_retry_first_ms = 500;        // doubles; where no Retry-After says otherwise
inline constexpr uint64_t chat_retry_ms_max = 60'000;       // a longer Retry-After is not waited for
inline constexpr uint32_t chat_concurrency = 10'000;        // requests in flight to one endpoint
inline constexpr size_t sse_event_bytes_max = 1024 * 1024;  // one event of a stream that a call reads
inline constexpr size_t piece_bytes = 1024;                 // text of a reply gathers up to here …
inline constexpr uint64_t piece_ms = 20;                    // … or for this long, the first piece excepted
inline constexpr size_t call_documents_bytes_max = 4 * 1024 * 1024;  // a .proto file, a catalog's function
inline constexpr size_t grpc_message_bytes_max = 4 * 1024 * 1024;    // gRPC's own default
inline constexpr size_t run_output_bytes_max = 4 * 1024 * 1024;   // of a script, stdout and stderr together
inline constexpr size_t run_input_bytes_max = 4 * 1024 * 1024;    // code, stdin, arguments and environment
inline constexpr uint64_t run_ms_max = 300'000;             // where the task has no timeout of its own
inline constexpr uint64_t run_cpu_s_max = 120;
inline constexpr size_t run_memory_bytes_max = 1024 * 1024 * 1024;  // a process's data; V8 alone takes 100 MB
inline constexpr size_t run_file_bytes_max = 64 * 1024 * 1024;    // a file that it writes
inline constexpr uint32_t run_processes_max = 8;            // scripts at once in one executor; others wait
inline constexpr size_t flow_depth_max = 512;               // tasks within tasks, functions within functions
inline constexpr uint64_t flow_steps_max = 50'000'000;      // tasks begun by one run
inline constexpr uint32_t flow_turn_steps = 2'000;          // then other runs get their turn
inline constexpr size_t flow_branches_max = 10'000;         // of forks, at one time in one run
inline constexpr size_t flow_traces_max = 200;              // the newest are kept
inline constexpr size_t journal_record_bytes_max = 24 * 1024 * 1024;  // a result and its marks
inline constexpr uint64_t retries_max = 10'000;              // of one try, where no limit is set
inline constexpr uint64_t park_ms_min = 5'000;              // shorter waits stay with the executor
inline constexpr size_t programs_max = 256;                 // compiled workflows an executor keeps

// --- Definitions ---
inline constexpr size_t workflow_bytes_max = 1024 * 1024;
inline constexpr size_t name_bytes_max = 63;                // RFC 1123 label
inline constexpr size_t samples_max = 20;                   // of a trigger that sets no other number …
inline constexpr size_t samples_ceiling = 200;              // … up to here
inline constexpr size_t sample_bytes_max = 8 * 1024 * 1024; // of bodies looked at together
inline constexpr size_t sample_fields_max = 500;            // paths listed of them
inline constexpr size_t sample_nodes_max = 100'000;         // values walked to find them
inline constexpr size_t sample_scan_max = 500'000;          // events looked through for samples
inline constexpr size_t variables_max = 200;                // of one trigger
inline constexpr size_t variables_bytes_max = 8 * 1024 * 1024;  // of one event, together
inline constexpr size_t expression_bytes_max = 16 * 1024;   // of one of its expressions
inline constexpr size_t schema_bytes_max = 256 * 1024;
inline constexpr size_t schema_faults_max = 20;             // told of one event
inline constexpr size_t screen_key_bytes_max = 512;         // what an expression gives as a key
inline constexpr size_t screens_max = 20'000;               // events an executor looks at before they are kept
inline constexpr size_t screen_bytes_max = 128 * 1024 * 1024;   // … with their bodies; 503 beyond
inline constexpr uint64_t screen_ms_max = 10'000;
inline constexpr uint32_t screen_tries_max = 3;             // executors lost over one event
inline constexpr uint64_t screen_turn_ms = 20;              // an executor's at a time, so that it stays alive
inline constexpr size_t screeners_max = 256;                // compiled triggers an executor keeps
inline constexpr size_t drafts_max = 20;                    // of one workflow, kept for tests
inline constexpr size_t replay_events_max = 1'000'000;      // one bulk replay
inline constexpr size_t replay_chunk = 32;                  // taken, mapped and committed together
inline constexpr uint32_t replay_per_s = 200;               // where none is asked for
inline constexpr size_t replays_max = 100;                  // remembered
inline constexpr size_t definition_depth_max = 64;          // nobody nests deeper by hand
inline constexpr size_t definition_nodes_max = 200'000;     // after aliases are followed: no billion laughs
inline constexpr size_t definition_text_bytes_max = 8 * 1024 * 1024;  // the same, in bytes
inline constexpr size_t lint_findings_max = 200;            // the rest is counted, not listed
inline constexpr uint64_t duration_ms_max = 100ull * 365 * 24 * 3600'000;

// --- Intake ---
inline constexpr size_t batch_items_max = 10'000;           // events in one request; 413 beyond
inline constexpr size_t batch_bytes_max = 16 * 1024 * 1024; // … and their bytes together
inline constexpr size_t decoded_ratio_max = 200;            // a body may grow this much when unpacked …
inline constexpr size_t decoded_bytes_free = 64 * 1024;     // … or up to here in any case
inline constexpr size_t multipart_parts_max = 200;
inline constexpr size_t rejections_kept_max = 100;          // refused requests shown of one trigger
inline constexpr size_t rejections_max = 10'000;            // … of all
inline constexpr size_t rejection_text_bytes_max = 300;     // each text of one
inline constexpr size_t ledger_page_max = 200;              // deliveries told in one answer
inline constexpr size_t trigger_versions_max = 100;         // the oldest go

// --- Signatures and credentials ---
inline constexpr size_t signature_header_bytes_max = 8 * 1024;
inline constexpr size_t signatures_max = 32;                // in one header: rotations, not a guess a time
inline constexpr size_t form_fields_max = 1'000;            // of a form whose fields are signed
inline constexpr size_t signed_items_max = 1'000;           // that carry a signature each, in one body
inline constexpr size_t verify_secrets_max = 8;             // live at once on one trigger
inline constexpr size_t verify_secret_bytes_max = 16 * 1024;    // a PEM key is the largest
inline constexpr size_t hint_body_bytes_max = 1024 * 1024;  // larger bodies are not tried in other spellings
inline constexpr size_t jwt_bytes_max = 8 * 1024;
inline constexpr size_t jwks_bytes_max = 256 * 1024;
inline constexpr size_t jwks_keys_max = 100;
inline constexpr size_t address_rules_max = 1'000;
inline constexpr size_t forwarded_hops_max = 32;            // of X-Forwarded-For
inline constexpr size_t secrets_max = 1'000;                // of the vault
inline constexpr size_t secret_bytes_max = 64 * 1024;       // one of them
inline constexpr size_t secrets_bytes_max = 8 * 1024 * 1024;    // all: they travel in one frame
inline constexpr size_t redacted_bytes_min = 4;             // a shorter secret would blot out plain text
inline constexpr size_t basic_users_max = 100;              // of one trigger
inline constexpr size_t seen_signatures_max = 200'000;      // of replay windows; the oldest go
inline constexpr size_t guessers_max = 10'000;              // addresses and triggers whose failed logins are counted
inline constexpr uint32_t login_failures_max = 20;          // of one address, in a window; 429 beyond
inline constexpr uint32_t key_failures_max = 1'000;         // of one trigger and address, in a window; 429 beyond
inline constexpr uint64_t guess_window_ms = 60'000;
inline constexpr uint32_t hints_per_minute = 60;            // refusals whose likely cause is looked for
inline constexpr uint64_t jwks_fetch_ms_max = 10'000;
inline constexpr uint64_t jwks_fresh_ms = 3600'000;         // then it is fetched anew
inline constexpr uint64_t jwks_retry_ms = 60'000;           // at most one fetch in this time

static_assert(target_bytes_max < head_bytes_max);
static_assert(heartbeat_ms * 3 < lease_ms, "two lost heartbeats must not cost a lease");
static_assert(body_bytes_ceiling + head_bytes_max < frame_bytes_max, "an event fits a frame");
static_assert(journal_bytes_max + stream_bytes_max + inbox_bytes_max + body_bytes_ceiling +
                      head_bytes_max + variables_bytes_max < frame_bytes_max,
              "a resumed run fits a frame");
static_assert(secrets_bytes_max < frame_bytes_max, "all secrets fit a frame");
static_assert(stream_page_bytes < write_backlog_bytes_max, "a page fits a reader's backlog");
static_assert(result_bytes_max < frame_bytes_max, "a result fits a frame");
static_assert(piece_bytes < stream_piece_bytes_max, "gathered text fits a piece");
static_assert(jq_value_bytes_max <= result_bytes_max, "what an expression makes may be a result");

}  // namespace penstock::limits
