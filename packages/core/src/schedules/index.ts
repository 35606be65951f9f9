export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  type ExponentialOptions,
  type RampOptions,
  type Schedule,
} from './schedules.ts'
