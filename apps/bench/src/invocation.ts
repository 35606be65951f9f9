/** How the bench is started on a machine that has nothing but some Node: what messages and the report tell people to type. */
export const invocation = 'npx -y pnpm@12 bench'
