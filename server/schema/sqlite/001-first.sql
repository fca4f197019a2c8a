-- Format 1. Every key begins with the tenant. WITHOUT ROWID keeps the rows of a document together in version order.

-- Who may append: the fence. The head is the highest version in op_log, so that there is one truth about it.
CREATE TABLE log_owner (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (tenant, doc_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE op_log (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  client_id TEXT NOT NULL,
  client_seq INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  base_version INTEGER NOT NULL,
  algorithm INTEGER NOT NULL,
  format INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  submitted BLOB,
  checksum INTEGER NOT NULL, -- CRC-32 over the packed record, begun with that of tenant/doc_id
  PRIMARY KEY (tenant, doc_id, version)
) STRICT, WITHOUT ROWID;

-- First version of every epoch that wrote.
CREATE TABLE epoch_start (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (tenant, doc_id, epoch)
) STRICT, WITHOUT ROWID;

-- A snapshot exists once its row here does; its chunks were written before, in transactions of their own.
CREATE TABLE snapshot (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  part INTEGER NOT NULL, -- which of the chunk series of this version counts
  epoch INTEGER NOT NULL,
  hash TEXT NOT NULL,
  format INTEGER NOT NULL,
  length INTEGER NOT NULL,
  state BLOB NOT NULL,
  chunk_count INTEGER NOT NULL,
  checksum TEXT NOT NULL, -- SHA-256 over state and chunks
  PRIMARY KEY (tenant, doc_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot_chunk (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  part INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (tenant, doc_id, version, part, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  creator TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL, -- the etag
  deleted INTEGER NOT NULL DEFAULT 0, -- 1: gone, the id stays taken
  PRIMARY KEY (tenant, doc_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_grant (
  tenant TEXT NOT NULL,
  doc_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'commenter', 'editor', 'owner')),
  PRIMARY KEY (tenant, doc_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_grant_of_user ON document_grant (tenant, user_id, doc_id);
