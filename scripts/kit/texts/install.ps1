# Installs Sluice from this stick:  install.cmd [--verify | --rollback | --uninstall]
#
# NOT TESTED: no test of Sluice runs this script, as its tests have no Windows; read it before you trust it. It does what install.sh
# does, step by step, which is tested. Needs PowerShell 3 or newer; no byte of it is beyond ASCII.
param([switch]$Verify, [switch]$Rollback, [switch]$Uninstall)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$kit = $PSScriptRoot
$name = 'sluice-win-x64.exe'
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$isAdministrator = (New-Object Security.Principal.WindowsPrincipal $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
if ($isAdministrator) { $folder = Join-Path $env:ProgramFiles 'Sluice' } else { $folder = Join-Path $env:LOCALAPPDATA 'Sluice' }
$target = Join-Path $folder 'sluice.exe'
$previous = Join-Path $folder 'sluice.previous.exe'
$new = Join-Path $folder ('sluice.new-' + $PID + '.exe')
$kept = Join-Path $folder ('sluice.kept-' + $PID + '.exe')

function Get-Sha256([string]$file) {
  if (Get-Command Get-FileHash -ErrorAction SilentlyContinue) { return (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLower() }
  $lines = & certutil.exe -hashfile $file SHA256
  if ($LASTEXITCODE -ne 0) { throw "certutil cannot read $file" }
  return ($lines[1] -replace '\s', '').ToLower()
}

function Copy-Checked([string]$to) {
  $from = Join-Path (Join-Path $kit 'bin') $name
  if (-not (Test-Path -LiteralPath $from -PathType Leaf)) { throw "bin/$name is not on this stick" }
  $found = @(Get-Content -LiteralPath (Join-Path $kit 'CHECKSUMS') | Where-Object { $_ -cmatch ('^[0-9a-f]{64}  bin/' + [regex]::Escape($name) + '$') })
  if ($found.Count -ne 1) { throw "CHECKSUMS was changed: bin/$name is not in it" }
  Copy-Item -LiteralPath $from -Destination $to
  if ((Get-Sha256 $to) -cne $found[0].Substring(0, 64)) { throw "bin/$name was changed: its sha256 is not the one in CHECKSUMS. Install nothing from this stick" }
}

function Install-Sluice {
  New-Item -ItemType Directory -Force -Path $folder | Out-Null
  Copy-Checked $new
  & $new kit verify $kit
  if ($LASTEXITCODE -ne 0) { throw "nothing was installed ($LASTEXITCODE)" }
  $isUpgrade = Test-Path -LiteralPath $target -PathType Leaf
  if ($isUpgrade -and ((Get-Sha256 $target) -ceq (Get-Sha256 $new))) {
    Save-Key
    Write-Output "$target is this very program already; nothing was changed"
    return
  }
  # A program that runs cannot be replaced by Windows, but renamed.
  if ($isUpgrade) { Move-Item -LiteralPath $target -Destination $kept }
  try {
    Move-Item -LiteralPath $new -Destination $target
    if ($isUpgrade) {
      if (Test-Path -LiteralPath $previous) { Remove-Item -LiteralPath $previous -Force }
      Move-Item -LiteralPath $kept -Destination $previous
    }
  } catch {
    if ($isUpgrade -and (Test-Path -LiteralPath $kept)) {
      if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -Force }
      Move-Item -LiteralPath $kept -Destination $target
    }
    throw
  }
  Save-Key
  Write-Output "installed: $target ($(& $target --version))"
  if ($isUpgrade) {
    Write-Output "the one of before is kept: $previous (install.cmd --rollback puts it back)"
    Write-Output "next: `"$target`" restart --drain"
  } else {
    Write-Output "next: `"$target`" init --from FOLDER --to FOLDER    then: `"$target`" service install"
  }
}

function Save-Key {
  if ($isAdministrator) { & $target kit remember $kit } else { & $target kit remember --mine $kit }
  if ($LASTEXITCODE -ne 0) { Write-Output 'CAUTION: the next stick cannot be compared with this one' }
}

function Test-Stick {
  $work = Join-Path ([IO.Path]::GetTempPath()) ('sluice-verify-' + [Guid]::NewGuid())
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    $copy = Join-Path $work 'sluice.exe'
    Copy-Checked $copy
    & $copy kit verify $kit | Out-Host
    return $LASTEXITCODE
  } finally {
    Remove-Item -LiteralPath $work -Recurse -Force
  }
}

function Restore-Previous {
  if (-not (Test-Path -LiteralPath $previous -PathType Leaf)) { throw "there is no $previous to put back" }
  $isThere = Test-Path -LiteralPath $target -PathType Leaf
  if ($isThere) { Move-Item -LiteralPath $target -Destination $kept }
  try {
    Move-Item -LiteralPath $previous -Destination $target
  } catch {
    if ($isThere) { Move-Item -LiteralPath $kept -Destination $target }
    throw
  }
  if ($isThere) { Move-Item -LiteralPath $kept -Destination $previous }
  Write-Output "put back: $target ($(& $target --version))"
  Write-Output "next: `"$target`" restart --drain"
  Write-Output 'if that says that the journal was written by a newer Sluice: INSTALL.txt, ROLL BACK'
}

# The program itself knows whether something would go on without it.
function Remove-Sluice {
  if (-not (Test-Path -LiteralPath $target) -and -not (Test-Path -LiteralPath $previous)) { throw "nothing is installed in $folder" }
  if (Test-Path -LiteralPath $target) {
    $mine = @(); if (-not $isAdministrator) { $mine = @('--mine') }
    # What a program says on stderr would end the script.
    $ErrorActionPreference = 'Continue'
    $service = (& $target service status @mine 2>$null | Out-String).Trim()
    if ($service -ne '' -and -not $service.StartsWith('not installed')) { throw "it is installed as a service: first `"$target`" service uninstall $mine" }
    & $target status 2>$null | Out-Null
    $status = $LASTEXITCODE
    $ErrorActionPreference = 'Stop'
    if ($status -le 1) { throw "an agent runs: first `"$target`" stop" }
    Remove-Item -LiteralPath $target -Force
  }
  if (Test-Path -LiteralPath $previous) { Remove-Item -LiteralPath $previous -Force }
  Write-Output "removed: $target. What was carried, the journal and the configuration are where they were."
}

try {
  if ($Verify) { exit (Test-Stick) }
  if ($Rollback) { Restore-Previous } elseif ($Uninstall) { Remove-Sluice } else { Install-Sluice }
  exit 0
} catch {
  Write-Output "install.ps1: $($_.Exception.Message)"
  exit 1
} finally {
  if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new -Force -ErrorAction SilentlyContinue }
}
