// A document to photograph for those who have none: drawn here, so that it belongs to nobody.

const ROWS = [["手术费", "21,400.00"], ["床位费", "3,600.00"], ["检查费", "4,980.00"], ["药品费", "6,820.00"]];

/** A JPEG of an invented hospital bill. */
export function sampleDocument() {
  const canvas = document.createElement("canvas");
  canvas.width = 560;
  canvas.height = 420;
  paint(canvas.getContext("2d"));
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
}

function paint(pen) {
  pen.fillStyle = "#d8d2c6";
  pen.fillRect(0, 0, 560, 420);
  pen.translate(280, 210);
  pen.rotate(-0.02);
  pen.fillStyle = "#fffdf8";
  pen.fillRect(-245, -180, 490, 360);
  pen.fillStyle = "#333";
  pen.textAlign = "center";
  write(pen, "住院医疗费收据（样例）", 0, -138, 26);
  pen.textAlign = "left";
  write(pen, "姓名：张伟　　日期：2026-10-12", -215, -94, 17);
  ROWS.forEach(([name, sum], row) => {
    write(pen, name, -215, -48 + row * 38, 19);
    pen.textAlign = "right";
    write(pen, sum, 215, -48 + row * 38, 19);
    pen.textAlign = "left";
    pen.fillRect(-215, -38 + row * 38, 430, 1);
  });
  write(pen, "合计：36,800.00 元", -215, 128, 22);
  pen.strokeStyle = "#c0392b";
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(165, 105, 44, 0, 7);
  pen.stroke();
  pen.fillStyle = "#c0392b";
  pen.textAlign = "center";
  write(pen, "样例", 165, 113, 24);
}

function write(pen, words, x, y, size) {
  pen.font = `${size}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`;
  pen.fillText(words, x, y);
}
