#!/usr/bin/env node
import { Command } from 'commander'
import { inspectCommand } from './cli/inspect.ts'

const program = new Command('posthorn').description(
  'a support mailbox becomes cases, and everyone who should hear of it does',
)
inspectCommand(program)
await program.parseAsync()
