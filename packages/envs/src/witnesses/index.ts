/**
 * Scripted controllers that show that a task can be done: what a learned policy is measured against.
 * @module
 */
export { createTrot } from './trot.ts'
