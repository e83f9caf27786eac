// The receipt goes to the printer that the browser knows.

document.getElementById("print").addEventListener("click", () => window.print());
