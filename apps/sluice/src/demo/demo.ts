export async function runDemo(_options: { readonly seconds: string }): Promise<boolean> {
  return await Promise.resolve(false);
}
